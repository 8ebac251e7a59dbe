-- +goose Up
CREATE UNIQUE INDEX outbox_by_number ON outbox (number) WHERE number IS NOT NULL;

-- +goose Down
DROP INDEX outbox_by_number;
