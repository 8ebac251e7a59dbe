-- A handle belongs to one member.
-- +goose Up
CREATE UNIQUE INDEX profiles_handle ON profiles (handle);

-- +goose Down
DROP INDEX profiles_handle;
