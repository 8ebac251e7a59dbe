-- +goose Up
CREATE INDEX event_deliveries_waiting ON event_deliveries (subscriber, aggregate, number) WHERE NOT dead;

-- +goose Down
DROP INDEX event_deliveries_waiting;
