package contract

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
	"github.com/gavelhq/gavel/platform/uow"
)

// logCases say what repositories know of the log.
var logCases = []testCase{
	{"live bids are those that were not withdrawn", liveBids},
	{"live bids include those of the running unit, without what was refused", liveBidsPending},
	{"live bids of one listing are not those of another", liveBidsApart},
	{"what a command appended is found by its id", acceptedStored},
	{"what a command appended is found by those after it in the same unit", acceptedPending},
	{"equal command ids in one unit are one command", acceptedTwiceInUnit},
	{"no id finds nothing", acceptedNothing},
}

func liveBids(t *testing.T, s *subject) {
	for name, l := range states(t) {
		made := s.keep(t, l)
		require.NoError(t, s.do(t, func(ctx context.Context) error {
			live, err := s.Listings.LiveBids(ctx, l.ID())
			require.Equal(t, emptyIsNil(domain.LiveBids(made.Log)), emptyIsNil(live), name)
			valuetest.RequireUTC(t, live)
			return err
		}))
	}
}

func liveBidsPending(t *testing.T, s *subject) {
	alice, bob, carol := newID(), newID(), newID()
	l := builders.Draft().Published().BidBy(alice, "20").BidBy(bob, "30")
	s.keep(t, l)
	var seen []uuid.UUID
	look := func(ctx context.Context) error {
		live, err := s.Listings.LiveBids(ctx, l.ID())
		seen = nil
		for _, b := range live {
			seen = append(seen, b.Bidder)
		}
		return err
	}
	retract := func(ctx context.Context) error {
		listing, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		return s.retract(ctx, listing, bob, l)
	}
	expect := func(want ...uuid.UUID) func(context.Context) error {
		return func(ctx context.Context) error {
			err := look(ctx)
			require.Equal(t, want, seen)
			return err
		}
	}
	outcomes := s.Work.DoAll(t.Context(), []uow.Command{
		{Run: expect(alice, bob), Hints: []uow.Hint{s.Listings.Loads(l.ID())}},
		{Run: s.bid(l.ID(), newID(), carol, "40", l.Now())},
		{Run: expect(alice, bob, carol)},
		{Run: func(ctx context.Context) error {
			return errors.Join(s.bid(l.ID(), newID(), alice, "90", l.Now())(ctx), errRefused)
		}},
		{Run: expect(alice, bob, carol)},
		{Run: retract},
		{Run: expect(alice, carol)},
		{Run: s.bid(l.ID(), newID(), bob, "60", l.Now())},
		{Run: expect(alice, carol, bob)},
	})
	for i, err := range outcomes {
		if i == 3 {
			require.ErrorIs(t, err, errRefused)
			continue
		}
		require.NoError(t, err, "command %d", i+1)
	}
	requireProof(t, s.state(t, l.ID()), s.log(t, l.ID()))
	require.NoError(t, s.do(t, expect(alice, carol, bob)))
}

func liveBidsApart(t *testing.T, s *subject) {
	alice := newID()
	bidOn, bare := builders.Draft().Published().BidBy(alice, "20"), builders.Draft().Published()
	s.keep(t, bidOn)
	s.keep(t, bare)
	outcomes := s.Work.DoAll(t.Context(), []uow.Command{
		{Run: s.bid(bidOn.ID(), newID(), newID(), "30", bidOn.Now())},
		{Run: func(ctx context.Context) error {
			live, err := s.Listings.LiveBids(ctx, bare.ID())
			require.Empty(t, live)
			return err
		}},
	})
	require.NoError(t, errors.Join(outcomes...))
}

// accepted returns what the repository says about a command.
func (s *subject) accepted(ctx context.Context, t *testing.T, command uuid.UUID) (domain.Event, bool) {
	t.Helper()
	e, found, err := s.Listings.Accepted(ctx, command)
	require.NoError(t, err)
	return e, found
}

func acceptedStored(t *testing.T, s *subject) {
	for _, l := range states(t) {
		made := s.keep(t, l)
		require.NoError(t, s.do(t, func(ctx context.Context) error {
			for _, want := range made.Log {
				if want.Sealed.Command == uuid.Nil {
					continue
				}
				e, found := s.accepted(ctx, t, want.Sealed.Command)
				require.True(t, found)
				requireSameEvents(t, []domain.Event{want}, []domain.Event{e})
			}
			return nil
		}))
	}
}

func acceptedPending(t *testing.T, s *subject) {
	l := builders.Draft().Published()
	s.keep(t, l)
	accepted, refused, unheard := newID(), newID(), newID()
	var pending domain.Event
	outcomes := s.Work.DoAll(t.Context(), []uow.Command{
		{Run: s.bid(l.ID(), accepted, newID(), "20", l.Now())},
		{Run: s.bid(l.ID(), refused, newID(), "1", l.Now())},
		{Run: func(ctx context.Context) error {
			e, found := s.accepted(ctx, t, accepted)
			require.True(t, found)
			pending = e
			for _, command := range []uuid.UUID{refused, unheard} {
				_, found = s.accepted(ctx, t, command)
				require.False(t, found)
			}
			return nil
		}},
	})
	require.NoError(t, outcomes[0])
	require.ErrorIs(t, outcomes[1], domain.ErrBidTooLow)
	require.NoError(t, outcomes[2])
	log := s.log(t, l.ID())
	requireSameEvents(t, log[len(log)-1:], []domain.Event{pending})
}

func acceptedTwiceInUnit(t *testing.T, s *subject) {
	l := builders.Draft().Published()
	s.keep(t, l)
	command, bidder := newID(), newID()
	var answers []domain.BidAnswer
	once := uow.Command{Run: func(ctx context.Context) error {
		e, found := s.accepted(ctx, t, command)
		if found {
			answers = append(answers, domain.BidAnswerOf(e))
			return nil
		}
		return s.bid(l.ID(), command, bidder, "20", l.Now())(ctx)
	}, Hints: []uow.Hint{s.Listings.Loads(l.ID()), uow.CommandID(command)}}
	require.NoError(t, errors.Join(s.Work.DoAll(t.Context(), []uow.Command{once, once, once})...))
	require.NoError(t, s.Work.Do(t.Context(), once.Run, once.Hints...))

	require.Len(t, answers, 3)
	require.True(t, answers[0] == answers[1] && answers[1] == answers[2], "one command has one answer")
	require.Equal(t, int64(1), s.state(t, l.ID()).Bids)
	require.Len(t, s.messagesOf(t, l.ID()), 3)
}

func acceptedNothing(t *testing.T, s *subject) {
	opened := builders.Draft().Published() // which appends that it opened, and no command did
	s.keep(t, opened)
	commands := append(builders.Draft().Published().Commands(s.Listings), uow.Command{Run: func(ctx context.Context) error {
		_, found := s.accepted(ctx, t, uuid.Nil)
		require.False(t, found)
		return nil
	}})
	require.NoError(t, errors.Join(s.Work.DoAll(t.Context(), commands)...))
}

// emptyIsNil makes no difference between two ways of saying nothing.
func emptyIsNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
