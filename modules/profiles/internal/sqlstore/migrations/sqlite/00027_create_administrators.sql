-- Who runs the house: one row, whose members are JSON.
-- +goose Up
CREATE TABLE administrators (
	id text NOT NULL,
	version integer NOT NULL,
	members text NOT NULL,
	CONSTRAINT administrators_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE administrators;
