// Package memory keeps the outbox in memory.
package memory

import (
	"context"
	"slices"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/memory"
)

// Outbox is an events.Outbox whose messages live as long as the process.
type Outbox struct {
	db       *memory.Database
	messages []events.Message
}

var _ events.Outbox = (*Outbox)(nil)

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
