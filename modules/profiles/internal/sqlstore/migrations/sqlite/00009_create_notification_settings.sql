-- Which notices members do not want, as JSON.
-- +goose Up
CREATE TABLE notification_settings (
	id text NOT NULL,
	version integer NOT NULL,
	muted text NOT NULL,
	CONSTRAINT notification_settings_pkey PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE notification_settings;
