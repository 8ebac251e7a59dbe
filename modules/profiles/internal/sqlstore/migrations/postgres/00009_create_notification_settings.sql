-- Which notices members do not want, as JSON.
-- +goose Up
CREATE TABLE notification_settings (
	id uuid NOT NULL,
	version bigint NOT NULL,
	muted text COLLATE "C" NOT NULL,
	CONSTRAINT notification_settings_pkey PRIMARY KEY (id)
);

-- +goose Down
DROP TABLE notification_settings;
