-- Ended listings whose bidders are still being told. Nearly always empty.
-- +goose Up
CREATE TABLE listing_tellings (
	id text NOT NULL,
	version integer NOT NULL,
	kind text NOT NULL,
	news text NOT NULL,
	after_member text NOT NULL,
	CONSTRAINT listing_tellings_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE listing_tellings;
