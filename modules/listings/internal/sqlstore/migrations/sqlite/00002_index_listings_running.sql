-- What is open, ending soon; and what has to be closed: the ended, which are nearly all, are not in the way.
-- +goose Up
CREATE INDEX listings_running ON listings (ends_at, id) WHERE status IN ('scheduled', 'open');

-- +goose Down
DROP INDEX listings_running;
