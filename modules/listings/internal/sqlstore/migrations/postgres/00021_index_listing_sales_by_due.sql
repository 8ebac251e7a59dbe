-- What the clock has to do.
-- +goose Up
CREATE INDEX listing_sales_by_due ON listing_sales (due, id) WHERE due IS NOT NULL;

-- +goose Down
DROP INDEX listing_sales_by_due;
