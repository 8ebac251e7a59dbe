-- What programs sign in with. scopes is JSON.
-- +goose Up
CREATE TABLE api_tokens (
	id text NOT NULL,
	version integer NOT NULL,
	account text NOT NULL,
	name text NOT NULL,
	hash blob NOT NULL,
	epoch integer NOT NULL,
	scopes text NOT NULL,
	created_at integer NOT NULL,
	expires_at integer,
	seen_at integer,
	CONSTRAINT api_tokens_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE api_tokens;
