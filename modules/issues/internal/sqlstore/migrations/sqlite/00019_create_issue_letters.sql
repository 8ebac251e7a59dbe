-- Letters to visitors that are yet to be mailed. They are written with what they tell, and removed when they were mailed. No
-- secret is here: that of a link is made when the letter is mailed. Only a letter about no issue has an address of its own.
-- +goose Up
CREATE TABLE issue_letters (
	id text NOT NULL,
	version integer NOT NULL,
	kind text NOT NULL,
	issue_id text,
	email text,
	written_at integer NOT NULL,
	due_at integer NOT NULL,
	attempts integer NOT NULL,
	CONSTRAINT issue_letters_pkey PRIMARY KEY (id),
	CONSTRAINT issue_letters_kind_known CHECK (kind IN ('confirm', 'confirmed', 'news', 'again', 'nothing')),
	CONSTRAINT issue_letters_to_somebody CHECK ((issue_id IS NULL) = (email IS NOT NULL))
) STRICT;

-- +goose Down
DROP TABLE issue_letters;
