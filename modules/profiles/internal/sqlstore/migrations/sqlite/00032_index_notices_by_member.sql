-- A member's list of notices.
-- +goose Up
CREATE INDEX notices_by_member ON notices (member, at, id);

-- +goose Down
DROP INDEX notices_by_member;
