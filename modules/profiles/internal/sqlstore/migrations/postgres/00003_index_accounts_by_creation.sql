-- The list of members.
-- +goose Up
CREATE INDEX accounts_by_creation ON accounts (created_at, id);

-- +goose Down
DROP INDEX accounts_by_creation;
