-- Which notices members do not want in their list, as JSON.
-- +goose Up
ALTER TABLE notification_settings ADD COLUMN unlisted text DEFAULT '[]' NOT NULL;

-- +goose Down
ALTER TABLE notification_settings DROP COLUMN unlisted;
