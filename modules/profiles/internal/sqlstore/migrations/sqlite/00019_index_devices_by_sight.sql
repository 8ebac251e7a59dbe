-- Devices that were not seen for long.
-- +goose Up
CREATE INDEX devices_by_sight ON devices (seen_at);

-- +goose Down
DROP INDEX devices_by_sight;
