-- A command is accepted once. Openings that another command noticed have no id.
-- +goose Up
CREATE UNIQUE INDEX listing_log_command_key ON listing_log (command_id) WHERE command_id IS NOT NULL;

-- +goose Down
DROP INDEX listing_log_command_key;
