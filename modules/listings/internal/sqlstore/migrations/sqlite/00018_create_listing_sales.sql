-- What buyer and seller have left to do once a listing is sold, by listing. due is when the clock looks at it next.
-- +goose Up
CREATE TABLE listing_sales (
	id text NOT NULL,
	version integer NOT NULL,
	title text NOT NULL,
	seller text NOT NULL,
	buyer text NOT NULL,
	price integer NOT NULL,
	currency text NOT NULL,
	digits integer NOT NULL,
	sold_at integer NOT NULL,
	remind_at integer NOT NULL,
	pay_by integer NOT NULL,
	overdue_from integer NOT NULL,
	paid_at integer,
	handed_over_at integer,
	received_at integer,
	reminders integer NOT NULL,
	reminded_at integer,
	overdue_at integer,
	due integer,
	CONSTRAINT listing_sales_pkey PRIMARY KEY (id),
	CONSTRAINT listing_sales_due CHECK (due IS NULL OR paid_at IS NULL AND overdue_at IS NULL)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE listing_sales;
