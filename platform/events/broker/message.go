package broker

import (
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/gavelhq/gavel/platform/events"
)

// The headers of a message. Its body is the published type as JSON, as it is in the outbox. The id stands in the header by
// which JetStream knows a message again.
const (
	headerID        = jetstream.MsgIDHeader
	headerNumber    = "Gavel-Number"
	headerKind      = "Gavel-Kind"
	headerAggregate = "Gavel-Aggregate"
	headerSeq       = "Gavel-Seq"
	headerAt        = "Gavel-At"
)

// encode returns the message of an event.
func (s Settings) encode(e events.Numbered) *nats.Msg {
	m := nats.NewMsg(s.subject(e.Kind))
	m.Header = nats.Header{
		headerID: {e.ID.String()}, headerNumber: {strconv.FormatInt(e.Number, 10)}, headerKind: {e.Kind},
		headerAggregate: {e.Aggregate.String()}, headerSeq: {strconv.FormatInt(e.Seq, 10)},
		headerAt: {e.At.UTC().Format(time.RFC3339Nano)},
	}
	m.Data = e.Payload
	return m
}

// decode returns the event of the message at a place of the stream. Errors: a message that is none of ours, or at another
// place than it was published for.
func decode(header nats.Header, data []byte, sequence uint64) (events.Numbered, error) {
	var e events.Numbered
	var err error
	number := func(name string) (n int64) {
		if err == nil {
			n, err = strconv.ParseInt(header.Get(name), 10, 64)
		}
		return n
	}
	id := func(name string) (id uuid.UUID) {
		if err == nil {
			id, err = uuid.Parse(header.Get(name))
		}
		return id
	}
	e.Number, e.Seq = number(headerNumber), number(headerSeq)
	e.ID, e.Aggregate = id(headerID), id(headerAggregate)
	if err == nil {
		e.At, err = time.Parse(time.RFC3339Nano, header.Get(headerAt))
	}
	e.Kind, e.Payload = header.Get(headerKind), data
	switch {
	case err != nil:
		return events.Numbered{}, fmt.Errorf("message %d is no event: %w", sequence, err)
	case e.Number <= 0 || uint64(e.Number) != sequence:
		return events.Numbered{}, fmt.Errorf("message %d is event %d", sequence, e.Number)
	}
	return e, nil
}
