-- Which letter is to be tried next.
-- +goose Up
CREATE INDEX issue_letters_due ON issue_letters (due_at, id);

-- +goose Down
DROP INDEX issue_letters_due;
