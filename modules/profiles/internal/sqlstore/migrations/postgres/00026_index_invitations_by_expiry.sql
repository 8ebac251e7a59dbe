-- Invitations that are over.
-- +goose Up
CREATE INDEX invitations_by_expiry ON invitations (expires_at);

-- +goose Down
DROP INDEX invitations_by_expiry;
