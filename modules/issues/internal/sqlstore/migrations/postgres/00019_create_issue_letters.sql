-- Letters to visitors that are yet to be mailed. They are written with what they tell, and removed when they were mailed. No
-- secret is here: that of a link is made when the letter is mailed. Only a letter about no issue has an address of its own.
-- +goose Up
CREATE TABLE issue_letters (
	id uuid NOT NULL,
	version bigint NOT NULL,
	kind text COLLATE "C" NOT NULL,
	issue_id uuid,
	email text COLLATE "C",
	written_at bigint NOT NULL,
	due_at bigint NOT NULL,
	attempts bigint NOT NULL,
	CONSTRAINT issue_letters_pkey PRIMARY KEY (id),
	CONSTRAINT issue_letters_kind_known CHECK (kind IN ('confirm', 'confirmed', 'news', 'again', 'nothing')),
	CONSTRAINT issue_letters_to_somebody CHECK ((issue_id IS NULL) = (email IS NOT NULL))
);

-- +goose Down
DROP TABLE issue_letters;
