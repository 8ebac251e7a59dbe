-- Events that a subscriber could not be given in their turn.
-- +goose Up
CREATE TABLE event_deliveries (
	id text NOT NULL PRIMARY KEY,
	version integer NOT NULL,
	subscriber text NOT NULL,
	number integer NOT NULL,
	event text NOT NULL,
	aggregate text NOT NULL,
	seq integer NOT NULL,
	kind text NOT NULL,
	at integer NOT NULL,
	payload text NOT NULL,
	attempts integer NOT NULL,
	next_at integer NOT NULL,
	dead integer NOT NULL,
	failure text NOT NULL
) STRICT;

-- +goose Down
DROP TABLE event_deliveries;
