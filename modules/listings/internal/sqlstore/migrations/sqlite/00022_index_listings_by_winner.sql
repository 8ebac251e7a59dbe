-- What a member has bought, for himself and before he is deleted; and the winners one after the other.
-- +goose Up
CREATE INDEX listings_by_winner ON listings (winner, id) WHERE winner IS NOT NULL;

-- +goose Down
DROP INDEX listings_by_winner;
