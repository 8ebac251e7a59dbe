-- The words under which an issue is found, as app.IssueWords gives them, separated by spaces. An id is one token, which finds
-- the row of an issue.
-- +goose Up
CREATE VIRTUAL TABLE issue_words USING fts5(
	issue_id, words, tokenize = "ascii tokenchars '-'", detail = column, columnsize = 0
);

-- +goose Down
DROP TABLE issue_words;
