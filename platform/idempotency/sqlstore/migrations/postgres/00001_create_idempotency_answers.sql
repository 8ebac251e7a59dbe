-- +goose Up
CREATE TABLE idempotency_answers (
	id uuid NOT NULL CONSTRAINT idempotency_answers_pkey PRIMARY KEY,
	body bytea NOT NULL,
	answer text COLLATE "C" NOT NULL,
	at bigint NOT NULL
);

-- +goose Down
DROP TABLE idempotency_answers;
