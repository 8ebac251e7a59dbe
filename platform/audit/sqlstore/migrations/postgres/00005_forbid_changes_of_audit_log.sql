-- A mistake, or somebody who tidies up by hand, is told so. (Who owns the table can drop the trigger first.)
-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the audit log is only ever appended to';
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION audit_log_is_append_only();
