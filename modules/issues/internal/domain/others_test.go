package domain_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// accusing is an issue that is about a member of staff, and so hidden from him.
func accusing(t testingT, who uuid.UUID, n byte) *domain.Issue {
	t.Helper()
	r := aboutBob(n)
	r.Subject.Member = who
	i, err := domain.ReportByMember(r, ada, targets, noon)
	require.NoError(t, err)
	i.Settle()
	return i
}

func TestMerge(t *testing.T) {
	t.Parallel()

	t.Run("ends one issue in favour of the other", func(t *testing.T) {
		t.Parallel()
		one, two := inState(t, domain.StateWaiting, 1), inState(t, domain.StateTriaged, 2)
		require.NoError(t, one.Merge(other, two, "Others say so, too.", noon))
		s := one.State()
		require.Equal(t, two.ID(), s.MergedInto)
		require.Equal(t, noon, s.EndedAt)
		require.Zero(t, s.Due())
		events := happened(t, one, domain.KindMerged)
		require.Equal(t, domain.Merged{Into: two.ID(), Text: "Others say so, too."}, events[0].Payload)
		events = happened(t, two, domain.KindAbsorbed)
		require.Equal(t, domain.Absorbed{Other: one.ID()}, events[0].Payload)
		require.Equal(t, domain.StateTriaged, two.State().State)
		require.Empty(t, two.State().Participants, "who reported one learns nothing of the other")
	})

	// Whether an issue may take another one's place.
	into := map[domain.State]error{
		domain.StateUnconfirmed: domain.ErrIssueNotFound, domain.StateReported: nil, domain.StateTriaged: nil,
		domain.StateAssigned: nil, domain.StateWaiting: nil, domain.StateResolved: nil, domain.StateClosed: domain.ErrTargetClosed,
		domain.StateRejected: domain.ErrTargetRejected, domain.StateMerged: domain.ErrTargetMerged,
	}
	for _, s := range domain.States() {
		t.Run("into one that is "+string(s), func(t *testing.T) {
			t.Parallel()
			require.Contains(t, into, s)
			one, two := reported(t, 1), inState(t, s, 2)
			before, beforeTwo := one.State(), two.State()
			err := one.Merge(agent, two, "", noon)
			require.ErrorIs(t, err, into[s])
			if err != nil {
				requireUnchanged(t, one, before)
				requireUnchanged(t, two, beforeTwo)
			}
		})
	}

	t.Run("never into itself, nor back", func(t *testing.T) {
		t.Parallel()
		one, two := reported(t, 1), reported(t, 2)
		require.ErrorIs(t, one.Merge(agent, one, "", noon), domain.ErrSameIssue)
		require.ErrorIs(t, one.Merge(agent, one.Snapshot(), "", noon), domain.ErrSameIssue)
		require.NoError(t, one.Merge(agent, two, "", noon))
		require.ErrorIs(t, two.Merge(agent, one, "", noon), domain.ErrTargetMerged)
	})

	t.Run("closes a target that is due first, and refuses it", func(t *testing.T) {
		t.Parallel()
		one, two := reported(t, 1), inState(t, domain.StateResolved, 2)
		require.ErrorIs(t, one.Merge(agent, two, "", noon.Add(domain.CloseAfter)), domain.ErrTargetClosed)
		require.NoError(t, one.Merge(agent, two, "", noon.Add(domain.CloseAfter-tick)))
	})

	t.Run("needs to know of both", func(t *testing.T) {
		t.Parallel()
		one := reported(t, 1)
		before := one.State()
		require.ErrorIs(t, one.Merge(agent, accusing(t, agent.ID, 2), "", noon), domain.ErrIssueNotFound)
		requireUnchanged(t, one, before)
		require.NoError(t, one.Merge(other, accusing(t, agent.ID, 2), "", noon))
	})
}

func TestRejections(t *testing.T) {
	t.Parallel()

	t.Run("say why", func(t *testing.T) {
		t.Parallel()
		for _, reason := range domain.RejectionReasons {
			i := inState(t, domain.StateWaiting, 1)
			err := i.Reject(other, reason, "Sorry.", noon)
			if reason == domain.RejectedDuplicate {
				require.ErrorIs(t, err, domain.ErrInvalidRejection, "of which one?")
				continue
			}
			require.NoError(t, err)
			require.Equal(t, reason, i.State().Rejection)
			require.Equal(t, noon, i.State().EndedAt)
			require.Zero(t, i.State().Due())
			events := happened(t, i, domain.KindRejected)
			require.Equal(t, domain.Rejected{Reason: reason, Text: "Sorry."}, events[0].Payload)
		}
		require.ErrorIs(t, inState(t, domain.StateWaiting, 1).Reject(other, "", "Sorry.", noon), domain.ErrInvalidRejection)
	})

	t.Run("as the duplicate of another one are noted on both", func(t *testing.T) {
		t.Parallel()
		one, two := reported(t, 1), inState(t, domain.StateClosed, 2)
		require.NoError(t, one.RejectAsDuplicate(agent, two, "See there.", noon))
		require.Equal(t, domain.RejectedDuplicate, one.State().Rejection)
		require.Equal(t, two.ID(), one.State().DuplicateOf)
		events := happened(t, one, domain.KindRejected)
		require.Equal(t, domain.Rejected{Reason: domain.RejectedDuplicate, DuplicateOf: two.ID(), Text: "See there."}, events[0].Payload)
		events = happened(t, two, domain.KindDuplicated)
		require.Equal(t, domain.Duplicated{Other: one.ID()}, events[0].Payload)
		require.ErrorIs(t, two.RejectAsDuplicate(agent, one, "", noon), domain.ErrTransition)
	})

	of := map[domain.State]error{
		domain.StateUnconfirmed: domain.ErrIssueNotFound, domain.StateReported: nil, domain.StateTriaged: nil,
		domain.StateAssigned: nil, domain.StateWaiting: nil, domain.StateResolved: nil, domain.StateClosed: nil,
		domain.StateRejected: domain.ErrTargetRejected, domain.StateMerged: domain.ErrTargetMerged,
	}
	for _, s := range domain.States() {
		t.Run("as the duplicate of one that is "+string(s), func(t *testing.T) {
			t.Parallel()
			require.Contains(t, of, s)
			one, two := reported(t, 1), inState(t, s, 2)
			before, beforeTwo := one.State(), two.State()
			err := one.RejectAsDuplicate(agent, two, "", noon)
			require.ErrorIs(t, err, of[s])
			if err != nil {
				requireUnchanged(t, one, before)
				requireUnchanged(t, two, beforeTwo)
			}
		})
	}

	t.Run("never make an issue its own duplicate, nor two each other's", func(t *testing.T) {
		t.Parallel()
		one, two := reported(t, 1), reported(t, 2)
		require.ErrorIs(t, one.RejectAsDuplicate(agent, one, "", noon), domain.ErrSameIssue)
		require.NoError(t, one.RejectAsDuplicate(agent, two, "", noon))
		require.ErrorIs(t, two.RejectAsDuplicate(agent, one, "", noon), domain.ErrTargetRejected)
	})

	t.Run("need to know of both", func(t *testing.T) {
		t.Parallel()
		require.ErrorIs(t, reported(t, 1).RejectAsDuplicate(agent, accusing(t, agent.ID, 2), "", noon), domain.ErrIssueNotFound)
	})
}

func TestLinks(t *testing.T) {
	t.Parallel()
	one, two := reported(t, 1), inState(t, domain.StateClosed, 2)
	require.NoError(t, one.Link(agent, two, noon))
	require.Equal(t, []uuid.UUID{two.ID()}, one.State().Links)
	require.Equal(t, []uuid.UUID{one.ID()}, two.State().Links)
	events := happened(t, one, domain.KindLinked)
	require.Equal(t, domain.Linked{Other: two.ID()}, events[0].Payload)
	happened(t, two, domain.KindLinked)

	before, beforeTwo := one.State(), two.State()
	require.ErrorIs(t, one.Link(agent, one, noon), domain.ErrSameIssue)
	require.ErrorIs(t, two.Link(agent, one, noon), domain.ErrAlreadyLinked)
	require.ErrorIs(t, one.Link(agent, unconfirmed(t, 3), noon), domain.ErrIssueNotFound)
	require.ErrorIs(t, one.Link(agent, accusing(t, agent.ID, 3), noon), domain.ErrIssueNotFound)
	requireUnchanged(t, one, before)
	requireUnchanged(t, two, beforeTwo)

	for n := range byte(domain.MaxLinks - 1) {
		require.NoError(t, one.Link(agent, reported(t, 10+n), noon))
	}
	three := reported(t, 3)
	require.ErrorIs(t, one.Link(agent, three, noon), domain.ErrTooManyLinks)
	require.ErrorIs(t, three.Link(agent, one, noon), domain.ErrTooManyLinks, "the limit is both's")
	require.Empty(t, three.State().Links)
}
