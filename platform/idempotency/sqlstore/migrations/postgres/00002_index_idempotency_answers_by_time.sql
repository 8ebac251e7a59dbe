-- What is to be forgotten.
-- +goose Up
CREATE INDEX idempotency_answers_by_time ON idempotency_answers (at, id);

-- +goose Down
DROP INDEX idempotency_answers_by_time;
