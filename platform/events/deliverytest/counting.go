package deliverytest

import (
	"context"
	"encoding/binary"
	"errors"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
)

// Counting returns a subscriber that counts in the store the events of each aggregate. One that does not come in its turn
// spoils the count of its aggregate for ever. What is counted lies among the dead letters of nobody, which every store has.
func Counting(deliveries delivery.Deliveries, name string, kinds ...string) events.Subscriber {
	return events.Subscriber{Name: name, Kinds: kinds, Handle: func(ctx context.Context, m events.Message) error {
		id := delivery.DeliveryID(counterOf(name), m.Aggregate)
		counter, err := deliveries.Get(ctx, id)
		if errors.Is(err, delivery.ErrDeliveryNotFound) {
			counter = delivery.PutAside(counterOf(name), events.Numbered{Number: int64(binary.BigEndian.Uint64(m.Aggregate[8:]) >> 1), Message: events.Message{
				ID: m.Aggregate, Kind: "counter", Aggregate: m.Aggregate, At: noon, Payload: []byte("{}"),
			}}, noon)
			err = deliveries.Add(ctx, counter)
		}
		if err != nil {
			return err
		}
		// An event that comes twice puts the count ahead, one that comes after a gap is not counted, nor is what follows: either
		// way the count is never right again.
		if next := int64(counter.State().Attempts) + 1; m.Seq <= next {
			count(counter)
		}
		return nil
	}}
}

func count(counter *delivery.Delivery) {
	counter.Fail(errors.New("counted"), delivery.Patience{Attempts: 1}, noon)
}

func counterOf(name string) string { return "counter of " + name }

// Counted returns how many events of each aggregate the subscriber has counted, out of all dead letters.
func Counted(dead []delivery.DeliveryState, name string) map[uuid.UUID]int64 {
	counted := map[uuid.UUID]int64{}
	for _, d := range dead {
		if d.Subscriber == counterOf(name) {
			counted[d.Event.Aggregate] = int64(d.Attempts)
		}
	}
	return counted
}
