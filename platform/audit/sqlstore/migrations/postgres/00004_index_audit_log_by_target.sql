-- What was done to somebody or something.
-- +goose Up
CREATE INDEX audit_log_by_target ON audit_log (target, at, id);

-- +goose Down
DROP INDEX audit_log_by_target;
