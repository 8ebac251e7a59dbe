-- What buyer and seller have left to do once a listing is sold, by listing. due is when the clock looks at it next.
-- +goose Up
CREATE TABLE listing_sales (
	id uuid NOT NULL,
	version bigint NOT NULL,
	title text COLLATE "C" NOT NULL,
	seller uuid NOT NULL,
	buyer uuid NOT NULL,
	price bigint NOT NULL,
	currency text COLLATE "C" NOT NULL,
	digits bigint NOT NULL,
	sold_at bigint NOT NULL,
	remind_at bigint NOT NULL,
	pay_by bigint NOT NULL,
	overdue_from bigint NOT NULL,
	paid_at bigint,
	handed_over_at bigint,
	received_at bigint,
	reminders bigint NOT NULL,
	reminded_at bigint,
	overdue_at bigint,
	due bigint,
	CONSTRAINT listing_sales_pkey PRIMARY KEY (id),
	CONSTRAINT listing_sales_due CHECK (due IS NULL OR paid_at IS NULL AND overdue_at IS NULL)
);

-- +goose Down
DROP TABLE listing_sales;
