-- Members whose name begins with something.
-- +goose Up
CREATE INDEX profiles_by_name ON profiles (name_key);

-- +goose Down
DROP INDEX profiles_by_name;
