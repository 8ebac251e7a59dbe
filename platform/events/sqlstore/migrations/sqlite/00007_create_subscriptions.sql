-- +goose Up
CREATE TABLE event_subscriptions (
	id text NOT NULL PRIMARY KEY,
	version integer NOT NULL,
	name text NOT NULL,
	number integer NOT NULL,
	holder text NOT NULL,
	held_until integer NOT NULL
) STRICT;

-- +goose Down
DROP TABLE event_subscriptions;
