-- What the clock has to do, the earliest first.
-- +goose Up
CREATE INDEX issues_due ON issues (due_at, id) WHERE due_at IS NOT NULL;

-- +goose Down
DROP INDEX issues_due;
