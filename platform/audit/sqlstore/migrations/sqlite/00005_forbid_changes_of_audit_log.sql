-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
	SELECT raise(ABORT, 'the audit log is only ever appended to');
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER audit_log_no_update;
