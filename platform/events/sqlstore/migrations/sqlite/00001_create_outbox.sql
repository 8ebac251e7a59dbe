-- +goose Up
CREATE TABLE outbox (
	id text NOT NULL PRIMARY KEY,
	aggregate text NOT NULL,
	seq integer NOT NULL,
	kind text NOT NULL,
	at integer NOT NULL,
	payload text NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE outbox;
