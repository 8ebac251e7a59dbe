-- Events that a subscriber could not be given in their turn.
-- +goose Up
CREATE TABLE event_deliveries (
	id uuid NOT NULL CONSTRAINT event_deliveries_pkey PRIMARY KEY,
	version bigint NOT NULL,
	subscriber text COLLATE "C" NOT NULL,
	number bigint NOT NULL,
	event uuid NOT NULL,
	aggregate uuid NOT NULL,
	seq bigint NOT NULL,
	kind text COLLATE "C" NOT NULL,
	at bigint NOT NULL,
	payload text COLLATE "C" NOT NULL,
	attempts bigint NOT NULL,
	next_at bigint NOT NULL,
	dead boolean NOT NULL,
	failure text COLLATE "C" NOT NULL
);

-- +goose Down
DROP TABLE event_deliveries;
