// Package contract says what the stores of listings promise, as a suite that every adapter runs.
//
// The suite plays through the domain's own commands and looks at the result from all sides: the aggregates inside units
// of work, the views, the ledger, the schedule and the outbox. What it expects of views it computes by itself, naively,
// from the stored states, so that it is a second opinion on filters, orders, statuses and on who may see what.
package contract

import (
	"testing"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/platformtest/storetest"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// Store is what an adapter gives to one case of the suite: data of its own, empty, and every way to it.
type Store struct {
	// Work runs units of work that write their events to the outbox which Messages reads.
	Work *uow.Work
	// Listings, Allowances and Sales are the repositories. Listings translates events with app.Message, Sales with
	// app.SaleMessage.
	Listings   domain.Repository
	Allowances domain.RetractionAllowances
	Sales      domain.Sales
	// Watches, WatchLists and Tellings are those of the small aggregates.
	Watches    domain.Watches
	WatchLists domain.WatchLists
	Tellings   domain.Tellings
	// Roll reads inside units of work.
	Roll app.Roll
	// Views, Ledger, Schedule, Dealings, WatchViews, Untold, SaleViews and Winners read what is committed.
	Views      app.Views
	Ledger     app.Ledger
	Schedule   app.Schedule
	Dealings   app.Dealings
	WatchViews app.WatchViews
	Untold     app.Untold
	SaleViews  app.SaleViews
	Winners    app.Winners
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
	run(t, open, map[string][]testCase{
		"storing":    storingCases,
		"units":      unitCases,
		"overlap":    overlapCases,
		"log":        logCases,
		"allowances": allowanceCases,
		"views":      viewCases,
		"lists":      listCases,
		"ledger":     ledgerCases,
		"schedule":   scheduleCases,
		"dealings":   dealingCases,
		"watches":    watchCases,
		"roll":       rollCases,
		"sales":      saleCases,
		"winners":    winnerCases,
	})
}

// RunViews checks that what stands before the Views of an adapter keeps their promises. open is called as by Run.
func RunViews(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	run(t, open, map[string][]testCase{"views": viewCases, "lists": listCases})
}

func run(t *testing.T, open func(t *testing.T) Store, promises map[string][]testCase) {
	t.Helper()
	newSubject := func(t *testing.T) *subject {
		t.Helper()
		return &subject{Store: open(t)}
	}
	storetest.RunPromises(t, newSubject, promises)
}
