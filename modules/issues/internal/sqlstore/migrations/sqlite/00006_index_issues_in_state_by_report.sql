-- Lists of a state, by age.
-- +goose Up
CREATE INDEX issues_in_state_by_report ON issues (state, reported_at, id);

-- +goose Down
DROP INDEX issues_in_state_by_report;
