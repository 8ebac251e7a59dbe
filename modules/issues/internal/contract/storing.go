package contract

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
	"github.com/gavelhq/gavel/platform/uow"
)

// storingCases are about what is stored.
var storingCases = []testCase{
	{"every kind of event comes back as it was", everyKind},
	{"imported titles are kept byte for byte", titlesKept},
	{"what is not there is not found", notFound},
	{"an id is given once", addedOnce},
	{"what was removed leaves nothing behind", removal},
	{"a command that fails changes nothing", rollback},
	{"two issues change together or not at all", together},
	{"commands on one issue in one unit are told apart", commandsInOneUnit},
	{"what happens is published with it, but no notes", published},
}

var errCommand = errors.New("the command fails")

// requireKept fails unless everything is stored as it should be.
func (s *subject) requireKept(t *testing.T) {
	t.Helper()
	for _, id := range s.order {
		s.requireStored(t, id)
	}
}

// requireStored fails unless the issue is stored as it should be, for commands and for readers.
func (s *subject) requireStored(t *testing.T, id uuid.UUID) {
	t.Helper()
	want := s.kept[id]
	for _, hints := range [][]uow.Hint{nil, {s.Issues.Loads(id)}} {
		var got domain.IssueState
		require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
			issue, err := s.Issues.Get(ctx, id)
			if err == nil {
				got = issue.State()
			}
			return err
		}, hints...))
		valuetest.RequireSame(t, want.state, got, "the issue")
		valuetest.RequireUTC(t, got)
	}
	head, err := s.Views.Head(t.Context(), id)
	require.NoError(t, err)
	valuetest.RequireSame(t, want.state, head, "the head")
	valuetest.RequireUTC(t, head)
	timeline := s.timeline(t, id, domain.AudienceStaff, 100)
	valuetest.RequireSame(t, want.timeline, timeline, "the timeline")
	valuetest.RequireUTC(t, timeline)
}

// timeline returns all pages of the timeline.
func (s *subject) timeline(t *testing.T, id uuid.UUID, a domain.Audience, limit int) []domain.Event {
	t.Helper()
	var all []domain.Event
	request := page.Request{Limit: limit}
	for {
		p, err := s.Views.Timeline(t.Context(), id, a, request)
		require.NoError(t, err)
		require.LessOrEqual(t, len(p.Items), limit)
		all = append(all, p.Items...)
		if p.Next == "" {
			return all
		}
		require.Len(t, p.Items, limit)
		require.Equal(t, app.TimelineCursor(all[len(all)-1].Seq), p.Next, "all stores make the same cursors")
		request.Cursor = p.Next
	}
}

// lives makes issues to which everything happens that can.
func (s *subject) lives(t *testing.T) {
	t.Helper()
	at := func(days int) time.Time { return noon.Add(time.Duration(days) * day) }
	member, visitor := s.add(t, byAda(newID(), noon)), s.add(t, byVisitor(newID(), noon))
	foreign := s.add(t, func() (*domain.Issue, error) {
		return domain.Import(domain.Foreign{
			Origin: domain.Origin{Repository: "ours/program", Number: 7}, Title: " It\r\nbreaks ", Text: "Always.", ReportedAt: noon,
			ClosedAt: noon.Add(day), Comments: 3,
		}, at(3))
	})
	s.must(t, visitor, func(i *domain.Issue) error { return i.Confirm(secret(1), secret(2), at(0)) })
	s.must(t, visitor, func(i *domain.Issue) error { return i.SendLink(secret(3)) })
	for _, command := range []func(i *domain.Issue) error{
		func(i *domain.Issue) error {
			return i.Triage(agent, domain.CategoryAbuse, domain.PriorityUrgent, targets, at(0))
		},
		func(i *domain.Issue) error { return i.Assign(lead, agent.ID, at(0)) },
		func(i *domain.Issue) error { return i.Reassign(lead, lead.ID, at(1)) }, // the targets are missed
		func(i *domain.Issue) error { return i.Wait(lead, domain.AwaitedReporter, "When?", at(1)) },
		func(i *domain.Issue) error {
			return i.Comment(domain.Actor{ID: ada}, "Yesterday, \"he\" said\t– 日本 🏺.", at(2))
		},
		func(i *domain.Issue) error { return i.Note(agent, "Bob again.", at(2)) },
		func(i *domain.Issue) error { return i.Involve(agent, cleo, at(2)) },
		func(i *domain.Issue) error { _, err := i.FreezeListing(agent, "Is it \"stolen\"?", at(2)); return err },
		func(i *domain.Issue) error { _, err := i.CancelListing(agent, "It is.\nSorry.", at(2)); return err },
		func(i *domain.Issue) error { return i.ReturnToQueue(lead.ID, at(2)) },
		func(i *domain.Issue) error { return i.Pick(agent, at(3)) },
		func(i *domain.Issue) error {
			return i.Resolve(agent, domain.ResolutionActionTaken, "Thank you.", at(3))
		},
		func(i *domain.Issue) error { return i.Reopen(domain.Actor{ID: ada}, "", at(4)) },
		func(i *domain.Issue) error { return i.Resolve(agent, domain.ResolutionFixed, "Now it is.", at(4)) },
		func(i *domain.Issue) error { return i.Close(at(12)) },
	} {
		s.must(t, member, command)
	}
	original, duplicate, into := s.add(t, byAda(newID(), noon)), s.add(t, byAda(newID(), noon)), s.add(t, plain(newID(), noon))
	both := func(command func(a, b *domain.Issue) error, a, b uuid.UUID) {
		t.Helper()
		require.NoError(t, s.change(t, func(issues []*domain.Issue) error { return command(issues[0], issues[1]) }, a, b))
	}
	both(func(a, b *domain.Issue) error { return a.RejectAsDuplicate(agent, b, "We know.", at(1)) }, duplicate, original)
	both(func(a, b *domain.Issue) error { return a.Merge(agent, b, "It goes on there.", at(1)) }, visitor, into)
	both(func(a, b *domain.Issue) error { return a.Link(agent, b, at(1)) }, foreign, into)
	both(func(a, b *domain.Issue) error { return a.Link(agent, b, at(2)) }, member, into)
	s.must(t, original, func(i *domain.Issue) error { return i.Reject(agent, domain.RejectedNotOurs, "", at(2)) })
}

func everyKind(t *testing.T, s *subject) {
	s.lives(t)
	var kinds []domain.EventKind
	for _, r := range s.kept {
		for _, e := range r.timeline {
			kinds = append(kinds, e.Kind())
		}
	}
	slices.Sort(kinds)
	require.Equal(t, domain.Kinds(), slices.Compact(kinds))
	s.requireKept(t)
}

func titlesKept(t *testing.T, s *subject) {
	for n, title := range []string{
		" blanks ", "two\nlines\r\n", "\t", "'; DROP TABLE issues; --", "100% \\ \"quoted\"", "日本語🏺", "e\u0301 is not é", "\u200f",
		strings.Repeat("🏺", domain.MaxTitle),
	} {
		s.add(t, func() (*domain.Issue, error) {
			return domain.Import(domain.Foreign{
				Origin: domain.Origin{Repository: "r", Number: int64(n + 1)}, Title: title, ReportedAt: noon,
			}, noon)
		})
	}
	s.requireKept(t)
}

func notFound(t *testing.T, s *subject) {
	id := newID()
	_, err := s.get(t, id)
	require.ErrorIs(t, err, domain.ErrIssueNotFound)
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error { return s.Issues.Remove(ctx, id) }), domain.ErrIssueNotFound)
	require.NoError(t, s.Work.Do(t.Context(), func(context.Context) error { return nil }, s.Issues.Loads(id)))
	_, err = s.Issues.Get(t.Context(), id)
	require.ErrorIs(t, err, uow.ErrNoUnit)
	_, err = s.Views.Head(t.Context(), id)
	require.ErrorIs(t, err, domain.ErrIssueNotFound)
	require.Empty(t, s.timeline(t, id, domain.AudienceStaff, 1))
}

func addedOnce(t *testing.T, s *subject) {
	id := s.add(t, byAda(newID(), noon))
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		issue, err := plain(id, noon)()
		return errors.Join(err, s.Issues.Add(ctx, issue))
	}), domain.ErrIssueTaken)
	s.requireKept(t)

	foreign := domain.Foreign{Origin: domain.Origin{Repository: "r", Number: 1}, Title: "One", ReportedAt: noon}
	s.add(t, func() (*domain.Issue, error) { return domain.Import(foreign, noon) })
	foreign.Title = "Another"
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		issue, err := domain.Import(foreign, noon)
		return errors.Join(err, s.Issues.Add(ctx, issue))
	}), domain.ErrIssueTaken)
	s.requireKept(t)
}

func removal(t *testing.T, s *subject) {
	id := s.add(t, byVisitor(newID(), noon))
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		if err := s.Issues.Remove(ctx, id); err != nil {
			return err
		}
		_, err := s.Issues.Get(ctx, id)
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
		return nil
	}))
	_, err := s.get(t, id)
	require.ErrorIs(t, err, domain.ErrIssueNotFound)
	require.Empty(t, s.timeline(t, id, domain.AudienceStaff, 100))

	s.order = nil
	require.Equal(t, id, s.add(t, plain(id, noon)))
	s.requireKept(t)
	require.Empty(t, s.found(t, app.Filter{Words: "empty"}, lead), "the words of the one before")
	require.Len(t, s.found(t, app.Filter{Words: "question"}, lead), 1)
}

func rollback(t *testing.T, s *subject) {
	id, never := s.add(t, byAda(newID(), noon)), newID()
	for _, command := range []func(ctx context.Context) error{
		func(ctx context.Context) error {
			issue, err := s.Issues.Get(ctx, id)
			return errors.Join(err, issue.Note(agent, "Never said.", noon))
		},
		func(ctx context.Context) error { return s.Issues.Remove(ctx, id) },
		func(ctx context.Context) error {
			issue, err := plain(never, noon)()
			return errors.Join(err, s.Issues.Add(ctx, issue))
		},
	} {
		require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
			require.NoError(t, command(ctx))
			return errCommand
		}), errCommand)
	}
	s.requireKept(t)
	_, err := s.get(t, never)
	require.ErrorIs(t, err, domain.ErrIssueNotFound)
	require.Len(t, s.Messages(t), 1, "of the one that was reported")
}

// together merges issues in a unit that fails at its commit.
func together(t *testing.T, s *subject) {
	a, b, taken := s.add(t, plain(newID(), noon)), s.add(t, plain(newID(), noon)), s.add(t, plain(newID(), noon))
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		first, err := s.Issues.Get(ctx, a)
		if err != nil {
			return err
		}
		second, err := s.Issues.Get(ctx, b)
		if err != nil {
			return err
		}
		if err := first.Merge(agent, second, "", noon); err != nil {
			return err
		}
		third, err := plain(taken, noon)()
		return errors.Join(err, s.Issues.Add(ctx, third))
	}), domain.ErrIssueTaken)
	s.requireKept(t)
	require.NoError(t, s.change(t, func(i []*domain.Issue) error { return i[0].Merge(agent, i[1], "", noon) }, a, b))
	s.requireKept(t)
}

func commandsInOneUnit(t *testing.T, s *subject) {
	id := s.triaged(t, noon)
	var commands []uow.Command
	for _, by := range []domain.Actor{agent, lead, agent} {
		commands = append(commands, uow.Command{Run: func(ctx context.Context) error {
			issue, err := s.Issues.Get(ctx, id)
			if err != nil {
				return err
			}
			return issue.Pick(by, noon)
		}})
	}
	outcomes := s.Work.DoAll(t.Context(), commands)
	require.NoError(t, outcomes[0])
	require.ErrorIs(t, outcomes[1], domain.ErrTransition)
	require.ErrorIs(t, outcomes[2], domain.ErrTransition)
	got, err := s.get(t, id)
	require.NoError(t, err)
	require.Equal(t, agent.ID, got.State().Assignee)
	require.Equal(t, int64(3), got.Version())
	require.Len(t, s.timeline(t, id, domain.AudienceStaff, 100), 3)
}

func published(t *testing.T, s *subject) {
	s.lives(t)
	seen := map[uuid.UUID]int{}
	messages := s.Messages(t)
	for _, m := range messages {
		r := s.kept[m.Aggregate]
		e := r.timeline[m.Seq-1]
		want, is := app.Message(domain.RestoreIssue(r.state), e)
		require.True(t, is, "%s is published", e.Kind())
		require.Equal(t, want.ID, m.ID)
		require.Equal(t, want.Kind, m.Kind)
		require.True(t, e.At.Equal(m.At))
		require.Less(t, seen[m.Aggregate], int(m.Seq), "in the order of the timeline")
		seen[m.Aggregate] = int(m.Seq)
	}
	expected := 0
	for _, r := range s.kept {
		for _, e := range r.timeline {
			if e.Kind() != domain.KindNoted && e.Kind() != domain.KindImported && e.State != domain.StateUnconfirmed {
				expected++
			}
		}
	}
	require.Len(t, messages, expected)
}
