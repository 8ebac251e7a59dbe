-- What a visitor reported, by his address.
-- +goose Up
CREATE INDEX issues_of_email ON issues (email_key, reported_at, id) WHERE email_key IS NOT NULL;

-- +goose Down
DROP INDEX issues_of_email;
