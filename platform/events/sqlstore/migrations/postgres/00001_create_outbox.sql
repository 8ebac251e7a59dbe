-- +goose Up
CREATE TABLE outbox (
	id uuid NOT NULL CONSTRAINT outbox_pkey PRIMARY KEY,
	aggregate uuid NOT NULL,
	seq bigint NOT NULL,
	kind text COLLATE "C" NOT NULL,
	at bigint NOT NULL,
	payload text COLLATE "C" NOT NULL
);

-- +goose Down
DROP TABLE outbox;
