-- What others see of members. name_key is the display name in lower case.
-- +goose Up
CREATE TABLE profiles (
	id uuid NOT NULL,
	version bigint NOT NULL,
	handle text COLLATE "C" NOT NULL,
	display_name text COLLATE "C" NOT NULL,
	name_key text COLLATE "C" NOT NULL,
	about text COLLATE "C" NOT NULL,
	location text COLLATE "C" NOT NULL,
	created_at bigint NOT NULL,
	deleted_at bigint,
	CONSTRAINT profiles_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE profiles;
