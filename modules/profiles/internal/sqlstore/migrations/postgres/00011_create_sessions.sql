-- Browsers that are signed in. expires_at follows from the other instants.
-- +goose Up
CREATE TABLE sessions (
	id uuid NOT NULL,
	version bigint NOT NULL,
	account uuid NOT NULL,
	hash bytea NOT NULL,
	epoch bigint NOT NULL,
	created_at bigint NOT NULL,
	seen_at bigint NOT NULL,
	expires_at bigint NOT NULL,
	client text COLLATE "C" NOT NULL,
	user_agent text COLLATE "C" NOT NULL,
	CONSTRAINT sessions_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE sessions;
