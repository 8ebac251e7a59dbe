-- Leave to register, for one person each.
-- +goose Up
CREATE TABLE invitations (
	id uuid NOT NULL,
	version bigint NOT NULL,
	hash bytea NOT NULL,
	email text COLLATE "C" NOT NULL,
	inviter uuid,
	created_at bigint NOT NULL,
	expires_at bigint NOT NULL,
	used_by uuid,
	CONSTRAINT invitations_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE invitations;
