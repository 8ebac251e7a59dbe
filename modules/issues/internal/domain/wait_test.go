package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

func TestWhatEndsTheWaiting(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		awaited domain.AwaitedParty
		do      func(*domain.Issue) error
		want    []domain.EventKind
	}{
		"a comment of the awaited reporter": {
			domain.AwaitedReporter, func(i *domain.Issue) error { return i.Comment(reporter, "It was red.", noon) },
			[]domain.EventKind{domain.KindCommented, domain.KindResumed},
		},
		"a comment of the awaited reporter, who is staff": {
			domain.AwaitedReporter, func(i *domain.Issue) error {
				return i.Comment(domain.Actor{ID: ada, Staff: true}, "It was red.", noon)
			},
			[]domain.EventKind{domain.KindCommented, domain.KindResumed},
		},
		"not one of staff": {
			domain.AwaitedReporter, func(i *domain.Issue) error { return i.Comment(agent, "Hello?", noon) },
			[]domain.EventKind{domain.KindCommented},
		},
		"not one of a participant": {
			domain.AwaitedReporter, func(i *domain.Issue) error { return i.Comment(domain.Actor{ID: cleo}, "It was blue.", noon) },
			[]domain.EventKind{domain.KindCommented},
		},
		"not one of the reporter when somebody else is awaited": {
			domain.AwaitedThirdParty, func(i *domain.Issue) error { return i.Comment(reporter, "Any news?", noon) },
			[]domain.EventKind{domain.KindCommented},
		},
		"the assignee": {
			domain.AwaitedThirdParty, func(i *domain.Issue) error { return i.Resume(agent, noon) }, []domain.EventKind{domain.KindResumed},
		},
		"a lead": {
			domain.AwaitedReporter, func(i *domain.Issue) error { return i.Resume(lead, noon) }, []domain.EventKind{domain.KindResumed},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := inState(t, domain.StateAssigned, 1)
			require.NoError(t, i.Involve(agent, cleo, noon))
			require.NoError(t, i.Wait(agent, c.awaited, "", noon))
			i.Settle()
			require.NoError(t, c.do(i))
			if len(c.want) == 1 && c.want[0] == domain.KindCommented {
				require.Equal(t, domain.StateWaiting, i.State().State)
				require.Equal(t, c.awaited, i.State().Awaited)
				happened(t, i, c.want...)
				return
			}
			require.Equal(t, domain.StateAssigned, i.State().State)
			require.Zero(t, i.State().Awaited)
			events := happened(t, i, c.want...)
			require.Equal(t, domain.Resumed{Awaited: c.awaited}, events[len(events)-1].Payload)
		})
	}

	t.Run("a visitor's comment, too", func(t *testing.T) {
		t.Parallel()
		i := visited(t, 1)
		require.NoError(t, i.Triage(agent, domain.CategoryOther, domain.PriorityLow, targets, noon))
		require.NoError(t, i.Pick(agent, noon))
		require.NoError(t, i.Wait(agent, domain.AwaitedReporter, "Which one?", noon))
		i.Settle()
		visitor, err := i.Follower(secret(2))
		require.NoError(t, err)
		require.NoError(t, i.Comment(visitor, "The red one.", noon))
		happened(t, i, domain.KindCommented, domain.KindResumed)
	})

	t.Run("its end, whatever it is", func(t *testing.T) {
		t.Parallel()
		for command, row := range transitions {
			if row[4] == resolved || row[4] == rejected || row[4] == merged || row[4] == triaged {
				i := inState(t, domain.StateWaiting, 1)
				require.NoError(t, commands[command](t, i))
				require.Zero(t, i.State().Awaited, command)
			}
		}
	})
}

func TestWaitNeedsToKnowForWhom(t *testing.T) {
	t.Parallel()
	i := inState(t, domain.StateAssigned, 1)
	before := i.State()
	require.ErrorIs(t, i.Wait(agent, "", "", noon), domain.ErrInvalidAwaited)
	require.ErrorIs(t, i.Wait(agent, "godot", "", noon), domain.ErrInvalidAwaited)
	require.ErrorIs(t, i.Wait(agent, domain.AwaitedReporter, "\x00", noon), domain.ErrInvalidText)
	requireUnchanged(t, i, before)
}

func TestTextsOfCommands(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("字", n) }
	for name, c := range map[string]struct {
		in       domain.State
		required bool
		do       func(i *domain.Issue, text string) error
	}{
		"comment": {domain.StateAssigned, true, func(i *domain.Issue, s string) error { return i.Comment(agent, s, noon) }},
		"note":    {domain.StateAssigned, true, func(i *domain.Issue, s string) error { return i.Note(agent, s, noon) }},
		"resolve": {domain.StateAssigned, true, func(i *domain.Issue, s string) error {
			return i.Resolve(agent, domain.ResolutionFixed, s, noon)
		}},
		"wait":   {domain.StateAssigned, false, func(i *domain.Issue, s string) error { return i.Wait(agent, domain.AwaitedReporter, s, noon) }},
		"reject": {domain.StateAssigned, false, func(i *domain.Issue, s string) error { return i.Reject(agent, domain.RejectedSpam, s, noon) }},
		"reopen": {domain.StateResolved, false, func(i *domain.Issue, s string) error { return i.Reopen(agent, s, noon) }},
		"merge": {domain.StateAssigned, false, func(i *domain.Issue, s string) error {
			return i.Merge(agent, domain.RestoreIssue(domain.IssueState{ID: issueID(9), State: domain.StateReported}), s, noon)
		}},
		"reject as a duplicate": {domain.StateAssigned, false, func(i *domain.Issue, s string) error {
			return i.RejectAsDuplicate(agent, domain.RestoreIssue(domain.IssueState{ID: issueID(9), State: domain.StateReported}), s, noon)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for text, good := range map[string]bool{
				long(domain.MaxText): true, long(domain.MaxText + 1): false, "x": true, "a\n\tb": true,
				"a\rb": false, "a\u202eb": false, "\xff": false, "": !c.required, " \n": !c.required,
			} {
				i := inState(t, c.in, 1)
				before := i.State()
				err := c.do(i, text)
				if good {
					require.NoError(t, err, "%.20q", text)
					continue
				}
				require.ErrorIs(t, err, domain.ErrInvalidText, "%.20q", text)
				requireUnchanged(t, i, before)
			}
		})
	}
}

func TestCommentsAreCounted(t *testing.T) {
	t.Parallel()
	i := inState(t, domain.StateAssigned, 1)
	require.NoError(t, i.Comment(agent, "One.", noon))
	require.NoError(t, i.Note(agent, "None.", noon))
	require.NoError(t, i.Comment(reporter, "Two.", noon.Add(time.Hour)))
	require.Equal(t, int64(2), i.State().Comments)
}

func TestWhoIsInvolved(t *testing.T) {
	t.Parallel()
	i := inState(t, domain.StateAssigned, 1)
	require.NoError(t, i.Involve(agent, dora, noon))
	require.NoError(t, i.Involve(agent, cleo, noon))
	events := happened(t, i, domain.KindInvolved, domain.KindInvolved)
	require.Equal(t, domain.Involved{Member: cleo}, events[1].Payload)
	before := i.State()
	require.Equal(t, []uuid.UUID{cleo, dora}, before.Participants, "sorted")
	require.ErrorIs(t, i.Involve(agent, cleo, noon), domain.ErrAlreadyInvolved)
	require.ErrorIs(t, i.Involve(agent, ada, noon), domain.ErrAlreadyInvolved)
	require.ErrorIs(t, i.Involve(agent, bob, noon), domain.ErrMemberConcerned)
	require.ErrorIs(t, i.Involve(agent, uuid.Nil, noon), domain.ErrInvalidMember)

	for n := range byte(domain.MaxParticipants - 2) {
		require.NoError(t, i.Involve(agent, person(100+n), noon))
	}
	require.ErrorIs(t, i.Involve(agent, person(99), noon), domain.ErrTooManyInvolved)
}
