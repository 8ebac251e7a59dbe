-- Handles that were ever given away; the id is a hash.
-- +goose Up
CREATE TABLE taken_handles (
	id uuid NOT NULL,
	version bigint NOT NULL,
	CONSTRAINT taken_handles_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE taken_handles;
