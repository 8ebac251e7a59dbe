-- Members whom other members keep from bidding.
-- +goose Up
CREATE TABLE blocks (
	id uuid NOT NULL,
	version bigint NOT NULL,
	owner uuid NOT NULL,
	blocked uuid NOT NULL,
	at bigint NOT NULL,
	CONSTRAINT blocks_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE blocks;
