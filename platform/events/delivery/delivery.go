package delivery

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/fault"
)

// What can become of a command about dead letters.
var (
	// ErrDeliveryNotFound: there is no delivery with that id; perhaps it has succeeded meanwhile.
	ErrDeliveryNotFound = fault.New(fault.NotFound, "delivery_not_found", "There is no such delivery. Perhaps it has succeeded meanwhile.")
	// ErrDeliveryNotDead: it will be tried again anyway.
	ErrDeliveryNotDead = fault.New(fault.Conflict, "delivery_not_dead", "This delivery is no dead letter: it will be tried again by itself.")
	// ErrSubscriberNotFound: nobody of that name has ever subscribed.
	ErrSubscriberNotFound = fault.New(fault.NotFound, "subscriber_not_found", "There is no subscriber of that name.")
	// ErrSubscriberInUse: the program has it, or a server still works for it.
	ErrSubscriberInUse = fault.New(fault.Conflict, "subscriber_in_use", "This subscriber is still at work, so it cannot be forgotten.")
)

// longestFailure is how many bytes of an error are kept.
const longestFailure = 1000

// failureOf returns what is kept of an error: its beginning, as a text that every store takes.
func failureOf(reason error) string {
	text := strings.ToValidUTF8(strings.ReplaceAll(reason.Error(), "\x00", ""), "\uFFFD")
	if len(text) <= longestFailure {
		return text
	}
	return strings.ToValidUTF8(text[:longestFailure], "")
}

// DeliveryState is a Delivery as plain data.
type DeliveryState struct {
	ID      uuid.UUID
	Version int64
	// Subscriber is who is to get the event.
	Subscriber string
	// Event is what is to be delivered.
	Event events.Numbered
	// Attempts is how often that was tried; 0 for what waits behind another event of its aggregate.
	Attempts int
	// NextAt is when it is tried again. Means nothing for a dead letter.
	NextAt time.Time
	// Dead says that it was tried for the last time.
	Dead bool
	// Failure is why the last attempt failed; empty before the first.
	Failure string
}

// Delivery is one event that one subscriber could not be given in its turn.
type Delivery struct {
	state   DeliveryState
	changed bool
}

// DeliveryID returns the id of the delivery of an event to a subscriber.
func DeliveryID(subscriber string, event uuid.UUID) uuid.UUID {
	return uuid.NewSHA1(namespace, slices.Concat(event[:], []byte(subscriber)))
}

// PutAside returns the delivery of an event that was not tried yet, because it has to wait for an earlier one.
func PutAside(subscriber string, event events.Numbered, now time.Time) *Delivery {
	return &Delivery{state: DeliveryState{
		ID: DeliveryID(subscriber, event.ID), Subscriber: subscriber, Event: event, NextAt: now,
	}}
}

// RestoreDelivery returns a stored delivery.
func RestoreDelivery(s DeliveryState) *Delivery { return &Delivery{state: s} }

// State returns the delivery as plain data.
func (d *Delivery) State() DeliveryState { return d.state }

// ID returns the identity, which is made of the event and the subscriber.
func (d *Delivery) ID() uuid.UUID { return d.state.ID }

// Version returns the number of commands that have changed the delivery.
func (d *Delivery) Version() int64 { return d.state.Version }

// Snapshot returns an independent copy.
func (d *Delivery) Snapshot() *Delivery {
	c := *d
	return &c
}

// Settle ends a command. There are no events about events.
func (d *Delivery) Settle() (recorded []struct{}, changed bool) {
	if changed = d.changed || d.state.Version == 0; changed {
		d.state.Version++
	}
	d.changed = false
	return nil, changed
}

// Fail counts an attempt that failed, and says when the next one is, if there is one.
func (d *Delivery) Fail(reason error, patience Patience, now time.Time) {
	d.state.Attempts++
	d.state.Failure = failureOf(reason)
	d.state.NextAt = now.Add(patience.wait(d.state.Attempts))
	d.state.Dead = d.state.Attempts >= patience.Attempts
	d.changed = true
}

// TryAgain makes a dead letter a delivery like any other, which is due at once and has all its attempts before it. Errors:
// ErrDeliveryNotDead.
func (d *Delivery) TryAgain(now time.Time) error {
	if !d.state.Dead {
		return ErrDeliveryNotDead
	}
	d.state.Dead, d.state.Attempts, d.state.NextAt, d.changed = false, 0, now, true
	return nil
}
