-- The long texts, beside the head so that a bid does not rewrite them. version is the listing's when they were last
-- written; the head says which one belongs to it.
-- +goose Up
CREATE TABLE listing_texts (
	listing_id text NOT NULL,
	version integer NOT NULL,
	description text NOT NULL,
	additions text NOT NULL,
	CONSTRAINT listing_texts_pkey PRIMARY KEY (listing_id)
) STRICT;

-- +goose Down
DROP TABLE listing_texts;
