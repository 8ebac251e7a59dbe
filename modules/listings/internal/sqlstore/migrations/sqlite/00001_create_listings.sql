-- The head of every listing: what pricing, lists and the clock need. A bid rewrites this row and nothing else of the
-- listing, so the row is small and no column that a bid changes is in an index. ends_at of a draft is the last instant
-- there is, so that drafts sort behind all else.
-- +goose Up
CREATE TABLE listings (
	id text NOT NULL,
	version integer NOT NULL,
	texts_version integer NOT NULL,
	seller text NOT NULL,
	relisted_from text,
	created_at integer NOT NULL,
	ruleset text NOT NULL,
	currency text NOT NULL,
	digits integer NOT NULL,
	title text NOT NULL,
	increments text NOT NULL,
	start_price integer NOT NULL,
	reserve integer NOT NULL,
	buy_now integer NOT NULL,
	starts_at integer,
	duration integer NOT NULL,
	soft_close_window integer NOT NULL,
	soft_close_extension integer NOT NULL,
	soft_close_cap integer NOT NULL,
	secret blob,
	status text NOT NULL,
	frozen integer NOT NULL,
	ends_at integer NOT NULL,
	published_end integer,
	leader text,
	leader_seq integer NOT NULL,
	leader_max integer NOT NULL,
	runner_up text,
	runner_up_seq integer NOT NULL,
	runner_up_max integer NOT NULL,
	price integer NOT NULL,
	next_minimum integer NOT NULL,
	reserve_met integer NOT NULL,
	bids integer NOT NULL,
	excluded text NOT NULL,
	winner text,
	final_price integer NOT NULL,
	head_seq integer NOT NULL,
	head_hash blob,
	head_at integer,
	CONSTRAINT listings_pkey PRIMARY KEY (id),
	CONSTRAINT listings_status_known CHECK (
		status IN ('draft', 'scheduled', 'open', 'sold', 'unsold_no_bids', 'unsold_reserve', 'cancelled')
	),
	CONSTRAINT listings_frozen_runs CHECK (NOT frozen OR status IN ('scheduled', 'open')),
	CONSTRAINT listings_published_has_log CHECK (
		(status = 'draft') = (head_seq = 0) AND (status = 'draft') = (head_hash IS NULL) AND (status = 'draft') = (secret IS NULL)
	)
) STRICT;

-- +goose Down
DROP TABLE listings;
