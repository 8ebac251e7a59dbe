-- The words under which an issue is found, as app.IssueWords gives them.
-- +goose Up
CREATE TABLE issue_words (
	issue_id uuid NOT NULL,
	words tsvector NOT NULL,
	CONSTRAINT issue_words_pkey PRIMARY KEY (issue_id)
);

-- +goose Down
DROP TABLE issue_words;
