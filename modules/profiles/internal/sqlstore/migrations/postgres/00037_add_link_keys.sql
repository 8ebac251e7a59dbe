-- With what the links are made that end mails; none before the first.
-- +goose Up
ALTER TABLE notification_settings ADD COLUMN link_key bytea;

-- +goose Down
ALTER TABLE notification_settings DROP COLUMN link_key;
