-- The heads of the issues: where each is, who works on it, and what the clocks say. A command rewrites this row; what happened
-- is in issue_events. due_at is when the clock has something to do next, queue_rank is the priority as a number, 0 for the
-- most urgent.
-- +goose Up
CREATE TABLE issues (
	id text NOT NULL,
	version integer NOT NULL,
	state text NOT NULL,
	title text NOT NULL,
	category text NOT NULL,
	priority text NOT NULL,
	queue_rank integer NOT NULL,
	reporter text,
	email text,
	confirmation blob,
	confirm_by integer,
	follow text NOT NULL,
	subject_kind text NOT NULL,
	listing text,
	bid integer NOT NULL,
	accused text,
	position_seq integer NOT NULL,
	position_hash blob,
	repository text,
	number integer NOT NULL,
	assignee text,
	awaited text NOT NULL,
	participants text NOT NULL,
	links text NOT NULL,
	target_first_response integer NOT NULL,
	target_resolution integer NOT NULL,
	used integer NOT NULL,
	running_since integer,
	responded_at integer,
	first_response_due integer,
	resolution_due integer,
	first_response_missed integer,
	resolution_missed integer,
	resolution text NOT NULL,
	resolved_at integer,
	closes_at integer,
	rejection text NOT NULL,
	duplicate_of text,
	merged_into text,
	reported_at integer,
	ended_at integer,
	comments integer NOT NULL,
	seq integer NOT NULL,
	last_at integer NOT NULL,
	imported_seq integer NOT NULL,
	due_at integer,
	CONSTRAINT issues_pkey PRIMARY KEY (id),
	CONSTRAINT issues_state_known CHECK (
		state IN ('unconfirmed', 'reported', 'triaged', 'assigned', 'waiting', 'resolved', 'closed', 'rejected', 'merged')
	),
	CONSTRAINT issues_priority_ranked CHECK (
		priority = 'urgent' AND queue_rank = 0 OR priority = 'high' AND queue_rank = 1 OR
		priority = 'normal' AND queue_rank = 2 OR priority = 'low' AND queue_rank = 3
	),
	CONSTRAINT issues_seen_has_time CHECK ((state = 'unconfirmed') = (reported_at IS NULL)),
	CONSTRAINT issues_worked_on CHECK (assignee IS NOT NULL OR state NOT IN ('assigned', 'waiting')),
	CONSTRAINT issues_resolved_closes CHECK ((state = 'resolved') = (closes_at IS NOT NULL)),
	CONSTRAINT issues_number_of_repository CHECK ((repository IS NULL) = (number = 0))
) STRICT;

-- +goose Down
DROP TABLE issues;
