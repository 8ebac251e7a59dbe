-- How many listings each member watches, for the limit.
-- +goose Up
CREATE TABLE watch_lists (
	id text NOT NULL,
	version integer NOT NULL,
	watches integer NOT NULL,
	CONSTRAINT watch_lists_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE watch_lists;
