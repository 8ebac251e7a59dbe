-- Not WITHOUT ROWID: the ids come in no order and the rows are long, so that they would be scattered over a deep tree.
-- +goose Up
CREATE TABLE outbox (
	id text NOT NULL PRIMARY KEY,
	aggregate text NOT NULL,
	seq integer NOT NULL,
	kind text NOT NULL,
	at integer NOT NULL,
	payload text NOT NULL
) STRICT;

-- +goose Down
DROP TABLE outbox;
