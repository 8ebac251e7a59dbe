-- +goose Up
CREATE INDEX event_deliveries_listed ON event_deliveries (subscriber, number);

-- +goose Down
DROP INDEX event_deliveries_listed;
