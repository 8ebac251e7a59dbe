-- Throttles that slow nothing down any more.
-- +goose Up
CREATE INDEX throttles_by_attempt ON throttles (last_at);

-- +goose Down
DROP INDEX throttles_by_attempt;
