-- What programs sign in with. scopes is JSON.
-- +goose Up
CREATE TABLE api_tokens (
	id uuid NOT NULL,
	version bigint NOT NULL,
	account uuid NOT NULL,
	name text COLLATE "C" NOT NULL,
	hash bytea NOT NULL,
	epoch bigint NOT NULL,
	scopes text COLLATE "C" NOT NULL,
	created_at bigint NOT NULL,
	expires_at bigint,
	seen_at bigint,
	CONSTRAINT api_tokens_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE api_tokens;
