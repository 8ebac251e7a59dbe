-- What members sign in with and what they may do. email_key is the address in lower case; a deleted account has none.
-- roles and mailed are JSON.
-- +goose Up
CREATE TABLE accounts (
	id text NOT NULL,
	version integer NOT NULL,
	email text NOT NULL,
	email_key text,
	password_hash text NOT NULL,
	status text NOT NULL,
	verified_at integer,
	roles text NOT NULL,
	session_epoch integer NOT NULL,
	token_epoch integer NOT NULL,
	mailed text NOT NULL,
	created_at integer NOT NULL,
	leaving_since integer,
	grace_started_at integer,
	CONSTRAINT accounts_pkey PRIMARY KEY (id),
	CONSTRAINT accounts_status_known CHECK (status IN ('pending', 'active', 'suspended', 'deleted')),
	CONSTRAINT accounts_deleted_is_nobody CHECK ((status = 'deleted') = (email_key IS NULL))
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE accounts;
