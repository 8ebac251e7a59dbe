-- Who is to be told that a listing ends soon. Who was told is not in the way.
-- +goose Up
CREATE INDEX listing_watches_untold ON listing_watches (listing_id, id) WHERE announced_end IS NULL;

-- +goose Down
DROP INDEX listing_watches_untold;
