-- +goose Up
CREATE INDEX audit_log_by_time ON audit_log (at, id);

-- +goose Down
DROP INDEX audit_log_by_time;
