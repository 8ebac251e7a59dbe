-- What somebody has in hand or may get back, and who has anything.
-- +goose Up
CREATE INDEX issues_at_work ON issues (assignee, id) WHERE assignee IS NOT NULL AND state IN ('assigned', 'waiting', 'resolved');

-- +goose Down
DROP INDEX issues_at_work;
