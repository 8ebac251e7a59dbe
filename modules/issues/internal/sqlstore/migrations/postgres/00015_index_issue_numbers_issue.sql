-- An issue has one number.
-- +goose Up
CREATE UNIQUE INDEX issue_numbers_issue ON issue_numbers (issue_id);

-- +goose Down
DROP INDEX issue_numbers_issue;
