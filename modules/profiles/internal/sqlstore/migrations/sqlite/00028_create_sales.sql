-- What was sold, by listing: made of the events of listings, and counted.
-- +goose Up
CREATE TABLE sales (
	id text NOT NULL,
	version integer NOT NULL,
	seller text NOT NULL,
	winner text NOT NULL,
	ended_at integer NOT NULL,
	CONSTRAINT sales_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE sales;
