-- The words under which a listing is found, as app.ListingWords gives them, separated by spaces; many words are several
-- parts, as PostgreSQL needs them. An id is one token, which finds the rows of a listing.
-- +goose Up
CREATE VIRTUAL TABLE listing_search USING fts5(
	listing_id, part UNINDEXED, words, tokenize = "ascii tokenchars '-'", detail = column, columnsize = 0
);

-- +goose Down
DROP TABLE listing_search;
