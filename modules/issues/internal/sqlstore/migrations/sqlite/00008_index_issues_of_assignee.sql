-- What somebody works on.
-- +goose Up
CREATE INDEX issues_of_assignee ON issues (assignee, state, queue_rank, reported_at, id) WHERE assignee IS NOT NULL;

-- +goose Down
DROP INDEX issues_of_assignee;
