-- Members who have left, of whom nothing is to stay.
-- +goose Up
CREATE INDEX accounts_deleted ON accounts (id) WHERE status = 'deleted';

-- +goose Down
DROP INDEX accounts_deleted;
