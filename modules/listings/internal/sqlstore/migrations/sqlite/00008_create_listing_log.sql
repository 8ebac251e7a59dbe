-- The logs, one row an event. What the chain covers and what stands beside it are columns, but for what only rare events
-- have, which is in details as JSON. Rows are never updated, except to erase members.
-- +goose Up
CREATE TABLE listing_log (
	listing_id text NOT NULL,
	seq integer NOT NULL,
	at integer NOT NULL,
	kind text NOT NULL,
	version integer NOT NULL,
	currency text NOT NULL,
	digits integer NOT NULL,
	command_id text,
	command_hash blob,
	role text NOT NULL,
	actor text,
	actor_alias blob,
	bidder text,
	bidder_alias blob,
	maximum integer NOT NULL,
	maximum_hash blob,
	leads integer NOT NULL,
	why text NOT NULL,
	status text NOT NULL,
	price integer NOT NULL,
	next_minimum integer NOT NULL,
	former_leader text,
	leader text,
	leader_alias blob,
	reserve_met integer NOT NULL,
	ends_at integer NOT NULL,
	details text,
	hash blob NOT NULL,
	CONSTRAINT listing_log_pkey PRIMARY KEY (listing_id, seq)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE listing_log;
