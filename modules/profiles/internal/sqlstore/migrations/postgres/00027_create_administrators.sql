-- Who runs the house: one row, whose members are JSON.
-- +goose Up
CREATE TABLE administrators (
	id uuid NOT NULL,
	version bigint NOT NULL,
	members text COLLATE "C" NOT NULL,
	CONSTRAINT administrators_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE administrators;
