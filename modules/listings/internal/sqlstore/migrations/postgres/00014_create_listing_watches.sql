-- What members watch. announced_end is the end that the member was told of; without one he is still to be told.
-- +goose Up
CREATE TABLE listing_watches (
	id uuid NOT NULL,
	version bigint NOT NULL,
	member uuid NOT NULL,
	listing_id uuid NOT NULL,
	since bigint NOT NULL,
	announced_end bigint,
	CONSTRAINT listing_watches_pkey PRIMARY KEY (id),
	CONSTRAINT listing_watches_member UNIQUE (member, listing_id)
);

-- +goose Down
DROP TABLE listing_watches;
