-- News for members: what they are told, and what has become of the mail about it.
-- +goose Up
CREATE TABLE notices (
	id text NOT NULL,
	version integer NOT NULL,
	member text NOT NULL,
	kind text NOT NULL,
	subject text NOT NULL,
	text text NOT NULL,
	about text,
	path text NOT NULL,
	at integer NOT NULL,
	listed integer NOT NULL,
	read_at integer,
	due_at integer,
	attempts integer NOT NULL,
	sent_at integer,
	given_up_at integer,
	failure text NOT NULL,
	CONSTRAINT notices_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE notices;
