-- +goose Up
CREATE TABLE idempotency_answers (
	id text NOT NULL PRIMARY KEY,
	body blob NOT NULL,
	answer text NOT NULL,
	at integer NOT NULL
) STRICT;

-- +goose Down
DROP TABLE idempotency_answers;
