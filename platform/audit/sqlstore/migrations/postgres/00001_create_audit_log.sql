-- +goose Up
CREATE TABLE audit_log (
	id uuid NOT NULL CONSTRAINT audit_log_pkey PRIMARY KEY,
	at bigint NOT NULL,
	actor uuid NOT NULL,
	act text COLLATE "C" NOT NULL,
	target uuid NOT NULL,
	reason text COLLATE "C" NOT NULL,
	detail text COLLATE "C" NOT NULL
);

-- +goose Down
DROP TABLE audit_log;
