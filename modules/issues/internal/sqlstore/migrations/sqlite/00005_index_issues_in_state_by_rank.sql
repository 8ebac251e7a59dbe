-- The queue, and other lists of a state in its order.
-- +goose Up
CREATE INDEX issues_in_state_by_rank ON issues (state, queue_rank, reported_at, id);

-- +goose Down
DROP INDEX issues_in_state_by_rank;
