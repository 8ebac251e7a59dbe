-- +goose Up
CREATE TABLE retraction_allowances (
	member text NOT NULL,
	version integer NOT NULL,
	spent text NOT NULL,
	CONSTRAINT retraction_allowances_pkey PRIMARY KEY (member)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE retraction_allowances;
