-- Everything that anybody may see, as in the queue.
-- +goose Up
CREATE INDEX issues_by_rank ON issues (queue_rank, reported_at, id) WHERE state <> 'unconfirmed';

-- +goose Down
DROP INDEX issues_by_rank;
