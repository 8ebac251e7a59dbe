-- +goose Up
CREATE INDEX outbox_unnumbered ON outbox (aggregate, seq, nth) WHERE number IS NULL;

-- +goose Down
DROP INDEX outbox_unnumbered;
