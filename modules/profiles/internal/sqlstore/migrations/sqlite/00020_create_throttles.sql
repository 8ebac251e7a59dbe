-- Counted attempts; the id is a hash of what they were aimed at or came from.
-- +goose Up
CREATE TABLE throttles (
	id text NOT NULL,
	version integer NOT NULL,
	attempts integer NOT NULL,
	last_at integer,
	until integer,
	CONSTRAINT throttles_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE throttles;
