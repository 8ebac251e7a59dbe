-- The place in the order in which everybody gets the events; null until one is given.
-- +goose Up
ALTER TABLE outbox ADD COLUMN number bigint;

-- +goose Down
ALTER TABLE outbox DROP COLUMN number;
