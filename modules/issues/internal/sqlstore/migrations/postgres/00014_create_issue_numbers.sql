-- Under which repository and number issues are known elsewhere: those that were imported under what they had, those that were
-- reported here under the name of this house and the next number when staff first see them. Rows are never updated.
-- +goose Up
CREATE TABLE issue_numbers (
	repository text COLLATE "C" NOT NULL,
	number bigint NOT NULL,
	issue_id uuid NOT NULL,
	CONSTRAINT issue_numbers_pkey PRIMARY KEY (repository, number)
);

-- +goose Down
DROP TABLE issue_numbers;
