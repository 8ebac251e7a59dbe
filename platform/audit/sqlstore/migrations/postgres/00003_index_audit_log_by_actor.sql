-- What somebody did.
-- +goose Up
CREATE INDEX audit_log_by_actor ON audit_log (actor, at, id);

-- +goose Down
DROP INDEX audit_log_by_actor;
