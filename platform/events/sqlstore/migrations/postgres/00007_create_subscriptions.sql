-- +goose Up
CREATE TABLE event_subscriptions (
	id uuid NOT NULL CONSTRAINT event_subscriptions_pkey PRIMARY KEY,
	version bigint NOT NULL,
	name text COLLATE "C" NOT NULL,
	number bigint NOT NULL,
	holder uuid NOT NULL,
	held_until bigint NOT NULL
);

-- +goose Down
DROP TABLE event_subscriptions;
