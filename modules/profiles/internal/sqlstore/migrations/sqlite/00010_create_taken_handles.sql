-- Handles that were ever given away; the id is a hash.
-- +goose Up
CREATE TABLE taken_handles (
	id text NOT NULL,
	version integer NOT NULL,
	CONSTRAINT taken_handles_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE taken_handles;
