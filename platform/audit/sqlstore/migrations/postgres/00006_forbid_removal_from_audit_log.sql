-- The trigger of the function before it: PostgreSQL has one for changes, removal and emptying alike.
-- +goose Up
CREATE TRIGGER audit_log_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only();

-- +goose Down
DROP TRIGGER audit_log_append_only ON audit_log;
