-- What members sign in with and what they may do. email_key is the address in lower case; a deleted account has none.
-- roles and mailed are JSON.
-- +goose Up
CREATE TABLE accounts (
	id uuid NOT NULL,
	version bigint NOT NULL,
	email text COLLATE "C" NOT NULL,
	email_key text COLLATE "C",
	password_hash text COLLATE "C" NOT NULL,
	status text COLLATE "C" NOT NULL,
	verified_at bigint,
	roles text COLLATE "C" NOT NULL,
	session_epoch bigint NOT NULL,
	token_epoch bigint NOT NULL,
	mailed text COLLATE "C" NOT NULL,
	created_at bigint NOT NULL,
	leaving_since bigint,
	grace_started_at bigint,
	CONSTRAINT accounts_pkey PRIMARY KEY (id),
	CONSTRAINT accounts_status_known CHECK (status IN ('pending', 'active', 'suspended', 'deleted')),
	CONSTRAINT accounts_deleted_is_nobody CHECK ((status = 'deleted') = (email_key IS NULL))
);

-- +goose Down
DROP TABLE accounts;
