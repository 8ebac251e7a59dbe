-- Those whom a member has blocked, by time.
-- +goose Up
CREATE INDEX blocks_by_owner ON blocks (owner, at, blocked);

-- +goose Down
DROP INDEX blocks_by_owner;
