-- Lists of a category, and how many issues of a state are in each.
-- +goose Up
CREATE INDEX issues_in_category ON issues (state, category, reported_at, id);

-- +goose Down
DROP INDEX issues_in_category;
