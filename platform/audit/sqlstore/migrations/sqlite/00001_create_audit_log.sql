-- +goose Up
CREATE TABLE audit_log (
	id text NOT NULL PRIMARY KEY,
	at integer NOT NULL,
	actor text NOT NULL,
	act text NOT NULL,
	target text NOT NULL,
	reason text NOT NULL,
	detail text NOT NULL
) STRICT;

-- +goose Down
DROP TABLE audit_log;
