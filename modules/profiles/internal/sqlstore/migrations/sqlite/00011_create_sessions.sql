-- Browsers that are signed in. expires_at follows from the other instants.
-- +goose Up
CREATE TABLE sessions (
	id text NOT NULL,
	version integer NOT NULL,
	account text NOT NULL,
	hash blob NOT NULL,
	epoch integer NOT NULL,
	created_at integer NOT NULL,
	seen_at integer NOT NULL,
	expires_at integer NOT NULL,
	client text NOT NULL,
	user_agent text NOT NULL,
	CONSTRAINT sessions_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE sessions;
