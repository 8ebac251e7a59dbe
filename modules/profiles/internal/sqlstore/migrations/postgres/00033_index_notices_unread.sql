-- What a member has not read.
-- +goose Up
CREATE INDEX notices_unread ON notices (member, at, id) WHERE read_at IS NULL;

-- +goose Down
DROP INDEX notices_unread;
