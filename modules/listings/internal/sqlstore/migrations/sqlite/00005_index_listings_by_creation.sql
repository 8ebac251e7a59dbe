-- Lists of everything that everybody may see, by creation.
-- +goose Up
CREATE INDEX listings_by_creation ON listings (created_at, id) WHERE status <> 'draft';

-- +goose Down
DROP INDEX listings_by_creation;
