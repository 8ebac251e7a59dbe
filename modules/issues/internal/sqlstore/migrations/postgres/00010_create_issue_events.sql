-- The timelines, one row an event. Rows are never updated. What only some kinds of events have is in details as JSON.
-- +goose Up
CREATE TABLE issue_events (
	issue_id uuid NOT NULL,
	seq bigint NOT NULL,
	at bigint NOT NULL,
	kind text COLLATE "C" NOT NULL,
	role text COLLATE "C" NOT NULL,
	actor uuid,
	state text COLLATE "C" NOT NULL,
	text text COLLATE "C" NOT NULL,
	evidence text COLLATE "C",
	details text COLLATE "C",
	CONSTRAINT issue_events_pkey PRIMARY KEY (issue_id, seq)
);

-- +goose Down
DROP TABLE issue_events;
