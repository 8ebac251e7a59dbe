-- Lists of everything that everybody may see, by the end.
-- +goose Up
CREATE INDEX listings_by_end ON listings (ends_at, id) WHERE status <> 'draft';

-- +goose Down
DROP INDEX listings_by_end;
