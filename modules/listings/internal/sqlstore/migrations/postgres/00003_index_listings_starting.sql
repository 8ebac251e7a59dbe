-- What has to be opened.
-- +goose Up
CREATE INDEX listings_starting ON listings (starts_at, id) WHERE status = 'scheduled' AND NOT frozen;

-- +goose Down
DROP INDEX listings_starting;
