-- A member's tokens, by creation.
-- +goose Up
CREATE INDEX api_tokens_by_account ON api_tokens (account, created_at, id);

-- +goose Down
DROP INDEX api_tokens_by_account;
