-- Counted attempts; the id is a hash of what they were aimed at or came from.
-- +goose Up
CREATE TABLE throttles (
	id uuid NOT NULL,
	version bigint NOT NULL,
	attempts bigint NOT NULL,
	last_at bigint,
	until bigint,
	CONSTRAINT throttles_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE throttles;
