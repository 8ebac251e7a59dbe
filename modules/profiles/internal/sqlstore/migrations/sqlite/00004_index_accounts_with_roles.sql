-- Members with a role are few among many.
-- +goose Up
CREATE INDEX accounts_with_roles ON accounts (created_at, id) WHERE roles <> '[]';

-- +goose Down
DROP INDEX accounts_with_roles;
