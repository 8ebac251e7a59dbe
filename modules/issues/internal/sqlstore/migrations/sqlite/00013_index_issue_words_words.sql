-- Nothing to do: the table of full-text search is its own index.
-- +goose Up
SELECT 1;

-- +goose Down
SELECT 1;
