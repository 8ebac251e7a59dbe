package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

const (
	tick = time.Microsecond // the smallest step of time that stores keep
	day  = 24 * time.Hour
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// The people of the tests.
var (
	ada      = person(1) // reports
	bob      = person(2) // is accused
	cleo     = person(3) // was involved
	dora     = person(4) // has nothing to do with it
	agent    = domain.Actor{ID: person(11), Staff: true}
	other    = domain.Actor{ID: person(12), Staff: true}
	lead     = domain.Actor{ID: person(13), Staff: true, Lead: true}
	targets  = domain.DefaultTargets()
	reporter = domain.Actor{ID: ada}
)

func person(n byte) uuid.UUID { return uuid.UUID{0: 0xaa, 15: n} }

func issueID(n byte) uuid.UUID { return uuid.UUID{0: 0x15, 15: n} }

func secret(n byte) domain.Secret { return domain.Secret{n} }

// aboutBob is the report of a listing of Bob's.
func aboutBob(n byte) domain.Report {
	return domain.Report{
		ID: issueID(n), Title: "Not as described", Text: "The box was empty.",
		Subject: domain.Subject{
			Kind: domain.SubjectListing, Listing: uuid.UUID{1}, Member: bob, Position: domain.Position{Seq: 7, Hash: domain.Hash{9}},
		},
		Evidence: domain.Evidence{Extract: "the log"},
	}
}

// reported is an issue that Ada reported at noon about Bob's listing.
func reported(t testingT, n byte) *domain.Issue {
	t.Helper()
	i, err := domain.ReportByMember(aboutBob(n), ada, targets, noon)
	require.NoError(t, err)
	i.Settle()
	return i
}

// unconfirmed is an issue that a visitor reported at noon; secret(1) confirms it.
func unconfirmed(t testingT, n byte) *domain.Issue {
	t.Helper()
	i, err := domain.ReportByVisitor(aboutBob(n), email(t, "vera@example.org"), targets, noon)
	require.NoError(t, err)
	require.NoError(t, i.SendConfirmation(secret(1), noon))
	i.Settle()
	return i
}

// visited is an issue of a visitor who has confirmed his address; secret(2) follows it.
func visited(t testingT, n byte) *domain.Issue {
	t.Helper()
	i := unconfirmed(t, n)
	require.NoError(t, i.Confirm(secret(1), secret(2), noon))
	i.Settle()
	return i
}

func email(t testingT, text string) domain.Email {
	t.Helper()
	e, err := domain.NewEmail(text)
	require.NoError(t, err)
	return e
}

// inState is an issue that went to the state at noon, by the agent, who is also the assignee where there is one.
func inState(t testingT, s domain.State, n byte) *domain.Issue {
	t.Helper()
	if s == domain.StateUnconfirmed {
		return unconfirmed(t, n)
	}
	i := reported(t, n)
	do := func(err error) { t.Helper(); require.NoError(t, err) }
	triaged := func() {
		do(i.Triage(agent, domain.CategoryListing, domain.PriorityNormal, targets, noon))
	}
	assigned := func() { triaged(); do(i.Pick(agent, noon)) }
	switch s {
	case domain.StateReported:
	case domain.StateTriaged:
		triaged()
	case domain.StateAssigned:
		assigned()
	case domain.StateWaiting:
		assigned()
		do(i.Wait(agent, domain.AwaitedReporter, "", noon))
	case domain.StateResolved:
		assigned()
		do(i.Resolve(agent, domain.ResolutionFixed, "We wrote to him.", noon))
	case domain.StateClosed:
		i = inState(t, domain.StateResolved, n)
		do(i.Close(noon.Add(domain.CloseAfter)))
	case domain.StateRejected:
		do(i.Reject(agent, domain.RejectedSpam, "", noon))
	case domain.StateMerged:
		do(i.Merge(agent, reported(t, n+100), "", noon))
	default:
		require.FailNow(t, "no issue for the tests", "in state %s", s)
	}
	i.Settle()
	require.Equal(t, s, i.State().State)
	return i
}

type testingT interface {
	require.TestingT
	Helper()
}

// requireUnchanged requires that a command has left the issue as it was.
func requireUnchanged(t testingT, i *domain.Issue, before domain.IssueState) {
	t.Helper()
	events, changed := i.Settle()
	require.Empty(t, events)
	require.False(t, changed)
	require.Equal(t, before, i.State())
}

// happened requires that a command has moved the version by one, with events of these kinds, and returns them.
func happened(t testingT, i *domain.Issue, want ...domain.EventKind) []domain.Event {
	t.Helper()
	before := i.State()
	events, changed := i.Settle()
	require.True(t, changed)
	require.Equal(t, before.Version+1, i.Version())
	require.Equal(t, want, kinds(events))
	for k, e := range events {
		require.Equal(t, before.ID, e.Issue)
		require.Equal(t, before.Seq-int64(len(events)-k-1), e.Seq)
	}
	return events
}

func kinds(events []domain.Event) []domain.EventKind {
	var all []domain.EventKind
	for _, e := range events {
		all = append(all, e.Kind())
	}
	return all
}

// requireField requires a refusal of this kind with this value in a field.
func requireField(t *testing.T, err error, refusal *fault.Error, name string, value any) {
	t.Helper()
	require.ErrorIs(t, err, refusal)
	require.Equal(t, value, fault.Of(err).Fields()[name])
}
