-- +goose Up
CREATE INDEX listing_search_words ON listing_search USING gin (words);

-- +goose Down
DROP INDEX listing_search_words;
