-- An address belongs to one account.
-- +goose Up
CREATE UNIQUE INDEX accounts_email ON accounts (email_key);

-- +goose Down
DROP INDEX accounts_email;
