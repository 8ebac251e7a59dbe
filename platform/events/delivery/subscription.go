package delivery

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// SubscriptionState is a Subscription as plain data.
type SubscriptionState struct {
	ID      uuid.UUID
	Version int64
	// Name is the subscriber's.
	Name string
	// Number is that of the last event that the subscriber has got, or that is put aside for it.
	Number int64
	// Holder is the server that works for it until HeldUntil; zero for none.
	Holder    uuid.UUID
	HeldUntil time.Time
}

// Subscription is how far a subscriber has got.
type Subscription struct {
	state   SubscriptionState
	changed bool
}

// namespace is that of the ids that are made of names.
var namespace = uuid.MustParse("6a7d3f1e-5b0c-4f0e-9a52-8f1c8d6f2b11")

// SubscriptionID returns the id of the subscription of the subscriber with that name.
func SubscriptionID(name string) uuid.UUID { return uuid.NewSHA1(namespace, []byte(name)) }

// NewSubscription returns the subscription of a subscriber that has got everything up to the number.
func NewSubscription(name string, number int64) *Subscription {
	return &Subscription{state: SubscriptionState{ID: SubscriptionID(name), Name: name, Number: number}}
}

// RestoreSubscription returns a stored subscription.
func RestoreSubscription(s SubscriptionState) *Subscription { return &Subscription{state: s} }

// State returns the subscription as plain data.
func (s *Subscription) State() SubscriptionState { return s.state }

// ID returns the identity, which is made of the name.
func (s *Subscription) ID() uuid.UUID { return s.state.ID }

// Version returns the number of commands that have changed the subscription.
func (s *Subscription) Version() int64 { return s.state.Version }

// Snapshot returns an independent copy.
func (s *Subscription) Snapshot() *Subscription {
	c := *s
	return &c
}

// Settle ends a command. There are no events about events.
func (s *Subscription) Settle() (recorded []struct{}, changed bool) {
	if changed = s.changed || s.state.Version == 0; changed {
		s.state.Version++
	}
	s.changed = false
	return nil, changed
}

// heldError says that another server works for the subscriber.
type heldError struct{ until time.Time }

func (e *heldError) Error() string {
	return "another server works for this subscriber until " + e.until.Format(time.RFC3339)
}

// Hold makes the server the one that works for the subscriber from now on, for so long. Errors: a *heldError while another
// one is.
func (s *Subscription) Hold(server uuid.UUID, now time.Time, long time.Duration) error {
	if s.state.Holder != server && now.Before(s.state.HeldUntil) {
		return fmt.Errorf("hold %s: %w", s.state.Name, &heldError{until: s.state.HeldUntil})
	}
	s.state.Holder, s.state.HeldUntil, s.changed = server, now.Add(long), true
	return nil
}

// Release lets other servers work for the subscriber, if this one does.
func (s *Subscription) Release(server uuid.UUID) {
	if s.state.Holder == server {
		s.state.Holder, s.state.HeldUntil, s.changed = uuid.Nil, time.Time{}, true
	}
}

// Awaits reports whether the subscriber has not got the event with that number yet.
func (s *Subscription) Awaits(number int64) bool { return number > s.state.Number }

// Pass moves on to the number. It never goes back.
func (s *Subscription) Pass(number int64) {
	if number > s.state.Number {
		s.state.Number, s.changed = number, true
	}
}

// Rewind goes back to before the first event, so that the subscriber gets all of them again that are kept.
func (s *Subscription) Rewind() {
	if s.state.Number != 0 {
		s.state.Number, s.changed = 0, true
	}
}
