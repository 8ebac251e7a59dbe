-- Members who have asked for their deletion.
-- +goose Up
CREATE INDEX accounts_leaving ON accounts (id) WHERE leaving_since IS NOT NULL;

-- +goose Down
DROP INDEX accounts_leaving;
