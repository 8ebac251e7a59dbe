-- Leave to register, for one person each.
-- +goose Up
CREATE TABLE invitations (
	id text NOT NULL,
	version integer NOT NULL,
	hash blob NOT NULL,
	email text NOT NULL,
	inviter text,
	created_at integer NOT NULL,
	expires_at integer NOT NULL,
	used_by text,
	CONSTRAINT invitations_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE invitations;
