-- What others see of members. name_key is the display name in lower case.
-- +goose Up
CREATE TABLE profiles (
	id text NOT NULL,
	version integer NOT NULL,
	handle text NOT NULL,
	display_name text NOT NULL,
	name_key text NOT NULL,
	about text NOT NULL,
	location text NOT NULL,
	created_at integer NOT NULL,
	deleted_at integer,
	CONSTRAINT profiles_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE profiles;
