-- The timelines, one row an event. Rows are never updated. What only some kinds of events have is in details as JSON.
-- +goose Up
CREATE TABLE issue_events (
	issue_id text NOT NULL,
	seq integer NOT NULL,
	at integer NOT NULL,
	kind text NOT NULL,
	role text NOT NULL,
	actor text,
	state text NOT NULL,
	text text NOT NULL,
	evidence text,
	details text,
	CONSTRAINT issue_events_pkey PRIMARY KEY (issue_id, seq)
) STRICT;

-- +goose Down
DROP TABLE issue_events;
