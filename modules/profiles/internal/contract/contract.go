// Package contract says what the stores of members promise, as a suite that every adapter runs.
//
// Every kind of aggregate goes through the same cases (kinds.go). What views have to answer is computed from the stored
// states with plain loops (reference.go), so that it is a second opinion on filters, orders and pages.
package contract

import (
	"slices"
	"testing"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/platformtest/storetest"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// Store is what an adapter gives to one case of the suite: data of its own, empty, and every way to it.
type Store struct {
	// Work runs units of work that write their events to the outbox which Messages reads.
	Work *uow.Work
	// The repositories. Accounts translates events with app.Message.
	Accounts       domain.Accounts
	Profiles       domain.Profiles
	Settings       domain.Settings
	TakenHandles   domain.TakenHandles
	Sessions       domain.Sessions
	APITokens      domain.APITokens
	Devices        domain.Devices
	Throttles      domain.Throttles
	Blocks         domain.Blocks
	Invitations    domain.Invitations
	Administrators domain.AdministratorsRepository
	Sales          domain.Sales
	Notices        domain.Notices
	// Views and Credentials read what is committed, Standings and Recipients inside units; Leftovers deletes.
	Views       app.Views
	Credentials app.Credentials
	Standings   app.Standings
	Recipients  app.Recipients
	Leftovers   app.Leftovers
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
		return &subject{Store: open(t)}
	}
	storetest.RunPromises(t, newSubject, map[string][]testCase{
		"kinds":       slices.Concat(kindCases()...),
		"units":       unitCases,
		"overlap":     overlapCases,
		"members":     memberCases,
		"lists":       listCases,
		"sales":       saleCases,
		"credentials": credentialCases,
		"standings":   standingCases,
		"recipients":  recipientCases,
		"notices":     noticeCases,
		"leftovers":   leftoverCases,
	})
}
