-- The words under which a listing is found, as app.ListingWords gives them; many words are several parts, because a
-- tsvector holds no more than a megabyte.
-- +goose Up
CREATE TABLE listing_search (
	listing_id uuid NOT NULL,
	part bigint NOT NULL,
	words tsvector NOT NULL,
	CONSTRAINT listing_search_pkey PRIMARY KEY (listing_id, part)
);

-- +goose Down
DROP TABLE listing_search;
