-- News for members: what they are told, and what has become of the mail about it.
-- +goose Up
CREATE TABLE notices (
	id uuid NOT NULL,
	version bigint NOT NULL,
	member uuid NOT NULL,
	kind text COLLATE "C" NOT NULL,
	subject text COLLATE "C" NOT NULL,
	text text COLLATE "C" NOT NULL,
	about uuid,
	path text COLLATE "C" NOT NULL,
	at bigint NOT NULL,
	listed boolean NOT NULL,
	read_at bigint,
	due_at bigint,
	attempts bigint NOT NULL,
	sent_at bigint,
	given_up_at bigint,
	failure text COLLATE "C" NOT NULL,
	CONSTRAINT notices_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE notices;
