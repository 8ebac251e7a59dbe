package contract

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// noon is when everything begins; in whole microseconds, to the last of them.
var noon = time.Date(2026, time.March, 1, 12, 0, 0, 123_456_000, time.UTC)

const (
	microsecond = time.Microsecond
	day         = 24 * time.Hour
)

// subject is a store with what the cases have done to it.
type subject struct {
	Store
	kept  map[uuid.UUID]*record
	order []uuid.UUID // of kept, as it was added
}

// record is an issue as it should be stored.
type record struct {
	state    domain.IssueState
	timeline []domain.Event
}

// do runs one command in a unit of its own.
func (s *subject) do(t *testing.T, run func(ctx context.Context) error) error {
	t.Helper()
	return s.Work.Do(t.Context(), run)
}

// add stores the issue that make returns, and keeps what should be stored.
func (s *subject) add(t *testing.T, made func() (*domain.Issue, error)) uuid.UUID {
	t.Helper()
	var settled *domain.Issue
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		issue, err := made()
		if err != nil {
			return err
		}
		settled = issue.Snapshot()
		return s.Issues.Add(ctx, issue)
	}))
	timeline, _ := settled.Settle()
	s.kept[settled.ID()] = &record{own(settled.State()), timeline}
	s.order = append(s.order, settled.ID())
	return settled.ID()
}

// own returns a state that shares nothing with what is stored.
func own(s domain.IssueState) domain.IssueState {
	s.Participants, s.Links = slices.Clone(s.Participants), slices.Clone(s.Links)
	s.Reporter.Confirmations, s.Reporter.Follow = slices.Clone(s.Reporter.Confirmations), slices.Clone(s.Reporter.Follow)
	return s
}

// change runs a command on stored issues in a unit of its own, and keeps what should be stored then. A command that is
// refused changes nothing. It returns the refusal.
func (s *subject) change(t *testing.T, command func(issues []*domain.Issue) error, ids ...uuid.UUID) (refusal error) {
	t.Helper()
	var settled []*domain.Issue
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		settled = nil
		for _, id := range ids {
			issue, err := s.Issues.Get(ctx, id)
			if err != nil {
				return err
			}
			settled = append(settled, issue)
		}
		refusal = command(settled)
		for i, issue := range settled {
			settled[i] = issue.Snapshot()
		}
		return nil
	}))
	for i, issue := range settled {
		if slices.Index(ids, issue.ID()) < i {
			continue // it is there twice
		}
		recorded, _ := issue.Settle()
		r := s.kept[issue.ID()]
		r.state, r.timeline = own(issue.State()), append(r.timeline, recorded...)
	}
	return refusal
}

// must is change for one issue, where the command must succeed.
func (s *subject) must(t *testing.T, id uuid.UUID, command func(i *domain.Issue) error) {
	t.Helper()
	require.NoError(t, s.change(t, func(issues []*domain.Issue) error { return command(issues[0]) }, id))
}

// get returns the stored issue for use as a parameter.
func (s *subject) get(t *testing.T, id uuid.UUID) (issue *domain.Issue, err error) {
	t.Helper()
	err = s.do(t, func(ctx context.Context) error {
		found, err := s.Issues.Get(ctx, id)
		if err == nil {
			issue = found.Snapshot()
		}
		return err
	})
	return issue, err
}

// The people of the suite.
var (
	ada     = person(1) // reports
	bob     = person(2) // is accused, and works at the help desk
	cleo    = person(3) // was involved
	agent   = domain.Actor{ID: person(11), Staff: true}
	accused = domain.Actor{ID: bob, Staff: true}
	lead    = domain.Actor{ID: person(13), Staff: true, Lead: true}
	targets = domain.DefaultTargets()
)

func person(n byte) uuid.UUID { return uuid.UUID{0: 0xaa, 15: n} }

func secret(n byte) domain.Secret { return domain.Secret{n, 31: n} }

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// aboutBob is the report of a bid of Bob's.
func aboutBob(id uuid.UUID) domain.Report {
	return domain.Report{
		ID: id, Title: "Not as described", Text: "The box\nwas empty.",
		Subject: domain.Subject{
			Kind: domain.SubjectBid, Listing: uuid.UUID{1}, Bid: 3, Member: bob, Position: domain.Position{Seq: 7, Hash: domain.Hash{9, 31: 1}},
		},
		Evidence: domain.Evidence{Extract: "{\"seq\":1}\n{\"seq\":2}\n"},
	}
}

// byAda returns what makes an issue that Ada reports about Bob.
func byAda(id uuid.UUID, at time.Time) func() (*domain.Issue, error) {
	return func() (*domain.Issue, error) { return domain.ReportByMember(aboutBob(id), ada, targets, at) }
}

// plain returns what makes an issue that Ada reports about nothing in particular.
func plain(id uuid.UUID, at time.Time) func() (*domain.Issue, error) {
	return func() (*domain.Issue, error) {
		return domain.ReportByMember(domain.Report{ID: id, Title: "A question"}, ada, targets, at)
	}
}

// byVisitor returns what makes an issue that a visitor reports; secret(1) confirms it.
func byVisitor(id uuid.UUID, at time.Time) func() (*domain.Issue, error) {
	return func() (*domain.Issue, error) { return unconfirmed(aboutBob(id), "vera@example.org", at) }
}

// unconfirmed is an issue that a visitor reports; secret(1) confirms it.
func unconfirmed(r domain.Report, address string, at time.Time) (*domain.Issue, error) {
	i, err := domain.ReportByVisitor(r, domain.RestoreEmail(address), targets, at)
	if err != nil {
		return nil, err
	}
	return i, i.SendConfirmation(secret(1), at)
}

// triaged reports an issue of Ada's at the instant, which has been triaged.
func (s *subject) triaged(t *testing.T, at time.Time) uuid.UUID {
	t.Helper()
	id := s.add(t, plain(newID(), at))
	s.must(t, id, func(i *domain.Issue) error {
		return i.Triage(agent, domain.CategoryListing, domain.PriorityHigh, targets, at)
	})
	return id
}

// picked is triaged, and the agent works on it.
func (s *subject) picked(t *testing.T, at time.Time) uuid.UUID {
	t.Helper()
	id := s.triaged(t, at)
	s.must(t, id, func(i *domain.Issue) error { return i.Pick(agent, at) })
	return id
}

// resolved is picked, and the agent has resolved it.
func (s *subject) resolved(t *testing.T, at time.Time) uuid.UUID {
	t.Helper()
	id := s.picked(t, at)
	s.must(t, id, func(i *domain.Issue) error { return i.Resolve(agent, domain.ResolutionFixed, "Done.", at) })
	return id
}
