-- Browsers from which members have signed in; the id is a hash.
-- +goose Up
CREATE TABLE devices (
	id uuid NOT NULL,
	version bigint NOT NULL,
	account uuid NOT NULL,
	seen_at bigint NOT NULL,
	CONSTRAINT devices_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE devices;
