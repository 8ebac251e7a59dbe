-- Which members were involved in which issues, for their lists. What counts is the column of the issue.
-- +goose Up
CREATE TABLE issue_participants (
	member text NOT NULL,
	issue_id text NOT NULL,
	CONSTRAINT issue_participants_pkey PRIMARY KEY (member, issue_id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE issue_participants;
