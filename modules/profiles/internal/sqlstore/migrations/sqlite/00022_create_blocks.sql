-- Members whom other members keep from bidding.
-- +goose Up
CREATE TABLE blocks (
	id text NOT NULL,
	version integer NOT NULL,
	owner text NOT NULL,
	blocked text NOT NULL,
	at integer NOT NULL,
	CONSTRAINT blocks_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE blocks;
