-- What a buyer has bought, the newest first.
-- +goose Up
CREATE INDEX listing_sales_by_buyer ON listing_sales (buyer, sold_at, id);

-- +goose Down
DROP INDEX listing_sales_by_buyer;
