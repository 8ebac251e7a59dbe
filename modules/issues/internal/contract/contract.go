// Package contract says what the stores of issues promise, as a suite that every adapter runs.
//
// The suite keeps what the commands should have left behind (subject.go), and computes what views have to answer from that
// with plain loops (reference.go), so that it is a second opinion on filters, orders and pages.
package contract

import (
	"testing"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/platformtest/storetest"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// Store is what an adapter gives to one case of the suite: data of its own, empty, and every way to it.
type Store struct {
	// Work runs units of work that write their events to the outbox which Messages reads.
	Work *uow.Work
	// Issues translates events with app.Message.
	Issues domain.Repository
	// Letters are those to visitors, LettersDue says when they are to be mailed.
	Letters    domain.Letters
	LettersDue app.Schedule
	// Views, Visitors and Schedule read what is committed, Assignments inside units, too.
	Views       app.Views
	Visitors    app.Visitors
	Schedule    app.Schedule
	Assignments app.Assignments
	Register    app.Register
	// House is the name under which the adapter numbers what is reported here.
	House string
	// Messages returns the committed messages, in the order in which they were appended.
	Messages func(t *testing.T) []events.Message
	// Waiting says how units of this adapter meet, which decides how the suite can make two overlap.
	Waiting uowtest.Waiting
}

// testCase is one promise.
type testCase storetest.Promise[*subject]

// Run checks that an adapter keeps every promise. open is called once for each case, from several goroutines.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	newSubject := func(t *testing.T) *subject {
		t.Helper()
		return &subject{Store: open(t), kept: map[uuid.UUID]*record{}}
	}
	storetest.RunPromises(t, newSubject, map[string][]testCase{
		"storing":  storingCases,
		"overlap":  overlapCases,
		"views":    viewCases,
		"schedule": scheduleCases,
		"register": registerCases,
		"visitors": visitorCases,
		"letters":  letterCases,
	})
}
