-- The place among the events of the same unit of work.
-- +goose Up
ALTER TABLE outbox ADD COLUMN nth bigint NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE outbox DROP COLUMN nth;
