-- How many auctions a member has sold.
-- +goose Up
CREATE INDEX sales_by_seller ON sales (seller);

-- +goose Down
DROP INDEX sales_by_seller;
