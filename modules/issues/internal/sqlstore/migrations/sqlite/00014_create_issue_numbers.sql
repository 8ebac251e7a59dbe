-- Under which repository and number issues are known elsewhere: those that were imported under what they had, those that were
-- reported here under the name of this house and the next number when staff first see them. Rows are never updated.
-- +goose Up
CREATE TABLE issue_numbers (
	repository text NOT NULL,
	number integer NOT NULL,
	issue_id text NOT NULL,
	CONSTRAINT issue_numbers_pkey PRIMARY KEY (repository, number)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE issue_numbers;
