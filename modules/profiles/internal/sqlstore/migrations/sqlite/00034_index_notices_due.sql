-- Mails that are yet to be sent.
-- +goose Up
CREATE INDEX notices_due ON notices (due_at, id) WHERE due_at IS NOT NULL;

-- +goose Down
DROP INDEX notices_due;
