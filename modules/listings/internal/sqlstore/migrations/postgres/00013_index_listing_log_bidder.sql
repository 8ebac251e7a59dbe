-- What a member has bid, wherever: for himself, and before he is deleted.
-- +goose Up
CREATE INDEX listing_log_bidder ON listing_log (bidder, listing_id, seq) WHERE bidder IS NOT NULL;

-- +goose Down
DROP INDEX listing_log_bidder;
