package contract

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// overlapCases force two units over the same data into each other, as two servers would.
var overlapCases = []testCase{
	{"no bid is lost between units that announce nothing", func(t *testing.T, s *subject) { noLostBid(t, s, false) }},
	{"no bid is lost between units that lock", func(t *testing.T, s *subject) { noLostBid(t, s, true) }},
	{"no edit of a draft is lost", noLostEdit},
	{"a retraction is judged by the bids of its own listing, not by later ones", staleLiveBids},
	{"a draft that was published meanwhile is not removed", publishedMeanwhile},
	{"two first retractions of a member both count", firstRetractions},
	{"a command id is accepted once, whatever it is used for", acceptedOnceMeanwhile},
}

// overlap is uowtest.Overlap of two units on this store, whose first must succeed.
func (s *subject) overlap(
	t *testing.T, first func(ctx context.Context, meet func()) error, second func(context.Context) error, hints ...uow.Hint,
) (runs int) {
	t.Helper()
	runs, err := uowtest.Overlap(t, s.Work, s.Waiting, first, func() error { return s.Work.Do(t.Context(), second) }, hints...)
	require.NoError(t, err, "the first unit")
	return runs
}

func noLostBid(t *testing.T, s *subject, locked bool) {
	l := builders.Draft().Published()
	s.keep(t, l)
	var hints []uow.Hint
	if locked {
		hints = append(hints, s.Listings.Loads(l.ID()))
	}
	first := s.bidMeeting(l, "50")
	runs := s.overlap(t, first, s.bid(l.ID(), newID(), newID(), "20", l.Now()), hints...)
	s.Waiting.RequireRuns(t, runs, locked)

	state := s.state(t, l.ID())
	require.Equal(t, int64(2), state.Bids)
	require.Equal(t, int64(20_50), state.Standing.Price)
	require.Equal(t, int64(4), state.Version)
	requireProof(t, state, s.log(t, l.ID()))
	require.Len(t, s.messagesOf(t, l.ID()), 4)
}

// bidMeeting is a command that places a bid and meets the other unit after it has read the listing.
func (s *subject) bidMeeting(l *builders.Listing, maximum string) func(context.Context, func()) error {
	bidder := newID()
	return func(ctx context.Context, meet func()) error {
		listing, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		meet()
		return placeBid(listing, newID(), bidder, maximum, l.Now())
	}
}

// noLostEdit has two units add to the title that they read. A draft has no log whose seq would tell that somebody was
// faster: only the version does.
func noLostEdit(t *testing.T, s *subject) {
	l := builders.Draft().Titled("lamp")
	s.keep(t, l)
	extend := func(ctx context.Context, word string, meet func()) error {
		listing, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		meet()
		title := listing.State().Title + " " + word
		return listing.Edit(domain.Command{ID: newID(), Actor: l.Seller()}, domain.Content{Title: title}, l.Now())
	}
	runs := s.overlap(t, func(ctx context.Context, meet func()) error { return extend(ctx, "old", meet) },
		func(ctx context.Context) error { return extend(ctx, "green", func() {}) })
	s.Waiting.RequireRuns(t, runs, false)

	state := s.state(t, l.ID())
	require.Contains(t, state.Title, "old")
	require.Contains(t, state.Title, "green")
	require.Equal(t, int64(3), state.Version)
}

func staleLiveBids(t *testing.T, s *subject) {
	alice, bob := newID(), newID()
	l := builders.Draft().Published().BidBy(alice, "20")
	s.keep(t, l)
	runs := s.overlap(t, func(ctx context.Context, meet func()) error {
		listing, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		meet()
		return s.retract(ctx, listing, alice, l)
	}, s.bid(l.ID(), newID(), bob, "30", l.Now()))
	s.Waiting.RequireRuns(t, runs, false)

	state := s.state(t, l.ID())
	require.Equal(t, bob, state.Standing.Leader.Bidder)
	require.True(t, state.Standing.RunnerUp.IsZero())
	requireProof(t, state, s.log(t, l.ID()))
}

// retract does what the use case does: live bids that were read too late are a conflict.
func (s *subject) retract(ctx context.Context, listing *domain.Listing, bidder uuid.UUID, l *builders.Listing) error {
	live, err := s.Listings.LiveBids(ctx, listing.ID())
	if err != nil {
		return err
	}
	by := domain.Command{ID: newID(), Actor: domain.Actor{ID: bidder}}
	_, err = listing.Retract(by, domain.ReasonWrongAmount, live, l.Now())
	if errors.Is(err, domain.ErrStaleBids) {
		return fmt.Errorf("%w: %w", uow.ErrConflict, err)
	}
	return err
}

func publishedMeanwhile(t *testing.T, s *subject) {
	l := builders.Draft().Published()
	commands := l.Commands(s.Listings)
	require.NoError(t, s.Work.Do(t.Context(), commands[0].Run))
	var refusals []error
	runs := s.overlap(t, func(ctx context.Context, meet func()) error {
		listing, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		meet()
		if err := listing.CheckDelete(l.Seller()); err != nil {
			refusals = append(refusals, err)
			return nil
		}
		return s.Listings.Remove(ctx, l.ID())
	}, func(ctx context.Context) error {
		err := commands[1].Run(ctx)
		if errors.Is(err, domain.ErrListingNotFound) && !s.Waiting.BothProceed(false) {
			return nil // the first unit went first
		}
		return err
	})
	s.Waiting.RequireRuns(t, runs, false)
	if !s.Waiting.BothProceed(false) {
		require.Empty(t, refusals)
		return
	}
	require.Len(t, refusals, 1)
	require.ErrorIs(t, refusals[0], domain.ErrListingNotDraft)
	s.requireStored(t, l.Make(t))
}

func firstRetractions(t *testing.T, s *subject) {
	member := newID()
	spend := func(ctx context.Context, meet func()) error {
		allowance, err := s.Allowances.Get(ctx, member)
		if meet(); errors.Is(err, domain.ErrAllowanceNotFound) {
			allowance = domain.NewRetractionAllowance(member)
			err = s.Allowances.Add(ctx, allowance)
		}
		if err != nil {
			return err
		}
		return allowance.Spend(builders.Epoch)
	}
	runs := s.overlap(t, spend, func(ctx context.Context) error { return spend(ctx, func() {}) })
	s.Waiting.RequireRuns(t, runs, false)

	allowance := s.allowance(t, member)
	require.Equal(t, int64(2), allowance.Version)
	require.Len(t, allowance.Spent, 2)
}

func acceptedOnceMeanwhile(t *testing.T, s *subject) {
	one, other := builders.Draft().Published(), builders.Draft().Published()
	s.keep(t, one)
	s.keep(t, other)
	command, bidder := newID(), newID()
	// The same command for two listings: no row in common but the command's.
	once := func(ctx context.Context, l *builders.Listing, meet func()) error {
		_, found, err := s.Listings.Accepted(ctx, command)
		meet()
		if err != nil || found {
			return err
		}
		return s.bid(l.ID(), command, bidder, "20", l.Now())(ctx)
	}
	runs := s.overlap(t, func(ctx context.Context, meet func()) error { return once(ctx, one, meet) },
		func(ctx context.Context) error { return once(ctx, other, func() {}) })
	s.Waiting.RequireRuns(t, runs, false)

	require.Equal(t, int64(1), s.state(t, one.ID()).Bids+s.state(t, other.ID()).Bids)
	require.Len(t, s.Messages(t), 2*2+1)
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		_, found, err := s.Listings.Accepted(ctx, command)
		require.True(t, found)
		return err
	}))
}
