-- +goose Up
CREATE TABLE retraction_allowances (
	member uuid NOT NULL,
	version bigint NOT NULL,
	spent text COLLATE "C" NOT NULL,
	CONSTRAINT retraction_allowances_pkey PRIMARY KEY (member)
);

-- +goose Down
DROP TABLE retraction_allowances;
