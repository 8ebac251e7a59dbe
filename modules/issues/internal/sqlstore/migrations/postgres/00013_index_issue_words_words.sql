-- +goose Up
CREATE INDEX issue_words_words ON issue_words USING gin (words);

-- +goose Down
DROP INDEX issue_words_words;
