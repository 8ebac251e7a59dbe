-- At most one row: the greatest number that was given. Who numbers locks it.
-- +goose Up
CREATE TABLE outbox_numbers (
	id integer NOT NULL PRIMARY KEY,
	last integer NOT NULL
) STRICT;

-- +goose Down
DROP TABLE outbox_numbers;
