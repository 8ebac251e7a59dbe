-- A member's sessions, by sign-in.
-- +goose Up
CREATE INDEX sessions_by_account ON sessions (account, created_at, id);

-- +goose Down
DROP INDEX sessions_by_account;
