-- What was sold, by listing: made of the events of listings, and counted.
-- +goose Up
CREATE TABLE sales (
	id uuid NOT NULL,
	version bigint NOT NULL,
	seller uuid NOT NULL,
	winner uuid NOT NULL,
	ended_at bigint NOT NULL,
	CONSTRAINT sales_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE sales;
