-- Which members were involved in which issues, for their lists. What counts is the column of the issue.
-- +goose Up
CREATE TABLE issue_participants (
	member uuid NOT NULL,
	issue_id uuid NOT NULL,
	CONSTRAINT issue_participants_pkey PRIMARY KEY (member, issue_id)
);

-- +goose Down
DROP TABLE issue_participants;
