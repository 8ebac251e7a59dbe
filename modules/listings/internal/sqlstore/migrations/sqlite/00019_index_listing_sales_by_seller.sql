-- What a seller has sold, the newest first.
-- +goose Up
CREATE INDEX listing_sales_by_seller ON listing_sales (seller, sold_at, id);

-- +goose Down
DROP INDEX listing_sales_by_seller;
