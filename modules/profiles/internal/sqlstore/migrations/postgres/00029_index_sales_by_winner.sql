-- How many auctions a member has won.
-- +goose Up
CREATE INDEX sales_by_winner ON sales (winner);

-- +goose Down
DROP INDEX sales_by_winner;
