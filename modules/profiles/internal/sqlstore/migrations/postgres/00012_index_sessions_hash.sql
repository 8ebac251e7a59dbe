-- A request is known by the hash of its cookie.
-- +goose Up
CREATE UNIQUE INDEX sessions_hash ON sessions (hash);

-- +goose Down
DROP INDEX sessions_hash;
