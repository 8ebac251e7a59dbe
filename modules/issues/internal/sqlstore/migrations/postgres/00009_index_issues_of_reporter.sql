-- What somebody has reported.
-- +goose Up
CREATE INDEX issues_of_reporter ON issues (reporter, reported_at, id) WHERE reporter IS NOT NULL;

-- +goose Down
DROP INDEX issues_of_reporter;
