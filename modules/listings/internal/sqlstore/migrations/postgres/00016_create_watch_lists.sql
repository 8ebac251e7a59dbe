-- How many listings each member watches, for the limit.
-- +goose Up
CREATE TABLE watch_lists (
	id uuid NOT NULL,
	version bigint NOT NULL,
	watches bigint NOT NULL,
	CONSTRAINT watch_lists_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE watch_lists;
