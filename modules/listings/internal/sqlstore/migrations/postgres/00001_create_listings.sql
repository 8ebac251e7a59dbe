-- The head of every listing: what pricing, lists and the clock need. A bid rewrites this row and nothing else of the
-- listing, so the row is small, no column that a bid changes is in an index, and the pages have room for new versions
-- (HOT updates). ends_at of a draft is the last instant there is, so that drafts sort behind all else.
-- +goose Up
CREATE TABLE listings (
	id uuid NOT NULL,
	version bigint NOT NULL,
	texts_version bigint NOT NULL,
	seller uuid NOT NULL,
	relisted_from uuid,
	created_at bigint NOT NULL,
	ruleset text COLLATE "C" NOT NULL,
	currency text COLLATE "C" NOT NULL,
	digits bigint NOT NULL,
	title text COLLATE "C" NOT NULL,
	increments text COLLATE "C" NOT NULL,
	start_price bigint NOT NULL,
	reserve bigint NOT NULL,
	buy_now bigint NOT NULL,
	starts_at bigint,
	duration bigint NOT NULL,
	soft_close_window bigint NOT NULL,
	soft_close_extension bigint NOT NULL,
	soft_close_cap bigint NOT NULL,
	secret bytea,
	status text COLLATE "C" NOT NULL,
	frozen boolean NOT NULL,
	ends_at bigint NOT NULL,
	published_end bigint,
	leader uuid,
	leader_seq bigint NOT NULL,
	leader_max bigint NOT NULL,
	runner_up uuid,
	runner_up_seq bigint NOT NULL,
	runner_up_max bigint NOT NULL,
	price bigint NOT NULL,
	next_minimum bigint NOT NULL,
	reserve_met boolean NOT NULL,
	bids bigint NOT NULL,
	excluded text COLLATE "C" NOT NULL,
	winner uuid,
	final_price bigint NOT NULL,
	head_seq bigint NOT NULL,
	head_hash bytea,
	head_at bigint,
	CONSTRAINT listings_pkey PRIMARY KEY (id),
	CONSTRAINT listings_status_known CHECK (
		status IN ('draft', 'scheduled', 'open', 'sold', 'unsold_no_bids', 'unsold_reserve', 'cancelled')
	),
	CONSTRAINT listings_frozen_runs CHECK (NOT frozen OR status IN ('scheduled', 'open')),
	CONSTRAINT listings_published_has_log CHECK (
		(status = 'draft') = (head_seq = 0) AND (status = 'draft') = (head_hash IS NULL) AND (status = 'draft') = (secret IS NULL)
	)
) WITH (fillfactor = 70);

-- +goose Down
DROP TABLE listings;
