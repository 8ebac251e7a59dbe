-- At most one row: the greatest number that was given. Who numbers locks it.
-- +goose Up
CREATE TABLE outbox_numbers (
	id bigint NOT NULL CONSTRAINT outbox_numbers_pkey PRIMARY KEY,
	last bigint NOT NULL
);

-- +goose Down
DROP TABLE outbox_numbers;
