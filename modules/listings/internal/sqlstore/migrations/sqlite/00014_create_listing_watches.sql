-- What members watch. announced_end is the end that the member was told of; without one he is still to be told.
-- +goose Up
CREATE TABLE listing_watches (
	id text NOT NULL,
	version integer NOT NULL,
	member text NOT NULL,
	listing_id text NOT NULL,
	since integer NOT NULL,
	announced_end integer,
	CONSTRAINT listing_watches_pkey PRIMARY KEY (id),
	CONSTRAINT listing_watches_member UNIQUE (member, listing_id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE listing_watches;
