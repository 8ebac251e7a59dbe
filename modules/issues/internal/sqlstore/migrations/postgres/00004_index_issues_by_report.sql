-- Everything that anybody may see, by age.
-- +goose Up
CREATE INDEX issues_by_report ON issues (reported_at, id) WHERE state <> 'unconfirmed';

-- +goose Down
DROP INDEX issues_by_report;
