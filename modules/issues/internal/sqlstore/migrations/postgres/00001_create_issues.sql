-- The heads of the issues: where each is, who works on it, and what the clocks say. A command rewrites this row; what happened
-- is in issue_events. due_at is when the clock has something to do next, queue_rank is the priority as a number, 0 for the
-- most urgent.
-- +goose Up
CREATE TABLE issues (
	id uuid NOT NULL,
	version bigint NOT NULL,
	state text COLLATE "C" NOT NULL,
	title text COLLATE "C" NOT NULL,
	category text COLLATE "C" NOT NULL,
	priority text COLLATE "C" NOT NULL,
	queue_rank bigint NOT NULL,
	reporter uuid,
	email text COLLATE "C",
	confirmation bytea,
	confirm_by bigint,
	follow text COLLATE "C" NOT NULL,
	subject_kind text COLLATE "C" NOT NULL,
	listing uuid,
	bid bigint NOT NULL,
	accused uuid,
	position_seq bigint NOT NULL,
	position_hash bytea,
	repository text COLLATE "C",
	number bigint NOT NULL,
	assignee uuid,
	awaited text COLLATE "C" NOT NULL,
	participants text COLLATE "C" NOT NULL,
	links text COLLATE "C" NOT NULL,
	target_first_response bigint NOT NULL,
	target_resolution bigint NOT NULL,
	used bigint NOT NULL,
	running_since bigint,
	responded_at bigint,
	first_response_due bigint,
	resolution_due bigint,
	first_response_missed bigint,
	resolution_missed bigint,
	resolution text COLLATE "C" NOT NULL,
	resolved_at bigint,
	closes_at bigint,
	rejection text COLLATE "C" NOT NULL,
	duplicate_of uuid,
	merged_into uuid,
	reported_at bigint,
	ended_at bigint,
	comments bigint NOT NULL,
	seq bigint NOT NULL,
	last_at bigint NOT NULL,
	imported_seq bigint NOT NULL,
	due_at bigint,
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
) WITH (fillfactor = 80);

-- +goose Down
DROP TABLE issues;
