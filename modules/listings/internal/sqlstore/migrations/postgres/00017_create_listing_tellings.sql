-- Ended listings whose bidders are still being told. Nearly always empty.
-- +goose Up
CREATE TABLE listing_tellings (
	id uuid NOT NULL,
	version bigint NOT NULL,
	kind text COLLATE "C" NOT NULL,
	news text COLLATE "C" NOT NULL,
	after_member uuid NOT NULL,
	CONSTRAINT listing_tellings_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE listing_tellings;
