// Package memory keeps in memory the outbox and how far it was delivered.
package memory

import (
	"context"
	"slices"
	"time"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/memory"
)

// Outbox is an events.Outbox, and the delivery.Log of what is in it, whose messages live as long as the process. They have
// their numbers as soon as they are there, in the order of the commits.
type Outbox struct {
	db        *memory.Database
	messages  []events.Message
	forgotten int64
}

var (
	_ events.Outbox = (*Outbox)(nil)
	_ delivery.Log  = (*Outbox)(nil)
)

// NewOutbox returns an empty outbox of db.
func NewOutbox(db *memory.Database) *Outbox { return &Outbox{db: db} }

// Append stores the messages when the unit of work in ctx commits. Errors: as memory.Database.Join.
func (o *Outbox) Append(ctx context.Context, messages []events.Message) error {
	tx, err := o.db.Join(ctx)
	if err != nil {
		return err
	}
	tx.Write(func() { o.messages = append(o.messages, messages...) })
	return nil
}

// Messages returns all messages in the order of their commits.
func (o *Outbox) Messages() []events.Message {
	var all []events.Message
	o.db.Read(func() { all = slices.Clone(o.messages) })
	return all
}

// Number has nothing to do and returns the greatest number. Errors: none.
func (o *Outbox) Number(ctx context.Context, _ int) (last int64, more bool, err error) {
	return o.Last(ctx)
}

// Last returns the greatest number. Errors: none.
func (o *Outbox) Last(context.Context) (last int64, more bool, err error) {
	o.db.Read(func() { last = o.forgotten + int64(len(o.messages)) })
	return last, false, nil
}

// After returns the messages with the next numbers. Errors: none.
func (o *Outbox) After(_ context.Context, number int64, limit int) ([]events.Numbered, error) {
	var found []events.Numbered
	o.db.Read(func() {
		from := max(number-o.forgotten, 0)
		for i := from; i < min(from+int64(limit), int64(len(o.messages))); i++ {
			found = append(found, events.Numbered{Number: o.forgotten + i + 1, Message: o.messages[i]})
		}
	})
	return found, nil
}

// Forget deletes old messages, up to the first that has to stay. Errors: none.
func (o *Outbox) Forget(_ context.Context, number int64, before time.Time, limit int) (forgotten int, err error) {
	o.db.Change(func() {
		for forgotten < min(limit, len(o.messages)) && o.forgotten+int64(forgotten) < number &&
			o.messages[forgotten].At.Before(before) {
			forgotten++
		}
		o.messages = slices.Clone(o.messages[forgotten:])
		o.forgotten += int64(forgotten)
	})
	return forgotten, nil
}
