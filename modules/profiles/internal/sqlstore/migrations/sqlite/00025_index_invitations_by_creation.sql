-- The list of invitations.
-- +goose Up
CREATE INDEX invitations_by_creation ON invitations (created_at, id);

-- +goose Down
DROP INDEX invitations_by_creation;
