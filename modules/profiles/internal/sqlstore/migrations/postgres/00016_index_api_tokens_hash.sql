-- A request is known by the hash of its token.
-- +goose Up
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (hash);

-- +goose Down
DROP INDEX api_tokens_hash;
