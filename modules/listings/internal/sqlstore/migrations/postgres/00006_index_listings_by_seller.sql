-- A seller's listings, drafts included.
-- +goose Up
CREATE INDEX listings_by_seller ON listings (seller, created_at, id);

-- +goose Down
DROP INDEX listings_by_seller;
