-- The lower-cased address of the visitor who reported the issue, by which his issues are found; NULL for a member's.
-- +goose Up
ALTER TABLE issues ADD COLUMN email_key text COLLATE "C";

-- +goose Down
ALTER TABLE issues DROP COLUMN email_key;
