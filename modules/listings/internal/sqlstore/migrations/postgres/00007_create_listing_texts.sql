-- The long texts, beside the head so that a bid does not rewrite them. version is the listing's when they were last
-- written; the head says which one belongs to it.
-- +goose Up
CREATE TABLE listing_texts (
	listing_id uuid NOT NULL,
	version bigint NOT NULL,
	description text COLLATE "C" NOT NULL,
	additions text COLLATE "C" NOT NULL,
	CONSTRAINT listing_texts_pkey PRIMARY KEY (listing_id)
);

-- +goose Down
DROP TABLE listing_texts;
