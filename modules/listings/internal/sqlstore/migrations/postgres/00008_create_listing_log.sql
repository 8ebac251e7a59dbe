-- The logs, one row an event. What the chain covers and what stands beside it are columns, but for what only rare events
-- have, which is in details as JSON. Rows are never updated, except to erase members.
-- +goose Up
CREATE TABLE listing_log (
	listing_id uuid NOT NULL,
	seq bigint NOT NULL,
	at bigint NOT NULL,
	kind text COLLATE "C" NOT NULL,
	version bigint NOT NULL,
	currency text COLLATE "C" NOT NULL,
	digits bigint NOT NULL,
	command_id uuid,
	command_hash bytea,
	role text COLLATE "C" NOT NULL,
	actor uuid,
	actor_alias bytea,
	bidder uuid,
	bidder_alias bytea,
	maximum bigint NOT NULL,
	maximum_hash bytea,
	leads boolean NOT NULL,
	why text COLLATE "C" NOT NULL,
	status text COLLATE "C" NOT NULL,
	price bigint NOT NULL,
	next_minimum bigint NOT NULL,
	former_leader uuid,
	leader uuid,
	leader_alias bytea,
	reserve_met boolean NOT NULL,
	ends_at bigint NOT NULL,
	details text COLLATE "C",
	hash bytea NOT NULL,
	CONSTRAINT listing_log_pkey PRIMARY KEY (listing_id, seq)
);

-- +goose Down
DROP TABLE listing_log;
