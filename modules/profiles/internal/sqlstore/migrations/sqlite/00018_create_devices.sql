-- Browsers from which members have signed in; the id is a hash.
-- +goose Up
CREATE TABLE devices (
	id text NOT NULL,
	version integer NOT NULL,
	account text NOT NULL,
	seen_at integer NOT NULL,
	CONSTRAINT devices_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE devices;
