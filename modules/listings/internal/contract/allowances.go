package contract

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// allowanceCases say what becomes of allowances.
var allowanceCases = []testCase{
	{"an allowance comes back as it was spent", allowanceRoundTrip},
	{"members' allowances are their own", allowancesApart},
	{"a refused retraction is not counted", allowanceRefused},
}

// allowance returns the member's stored allowance.
func (s *subject) allowance(t *testing.T, member uuid.UUID) (state domain.AllowanceState) {
	t.Helper()
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		a, err := s.Allowances.Get(ctx, member)
		if err != nil {
			return err
		}
		state = a.State()
		return nil
	}, s.Allowances.Loads(member)))
	valuetest.RequireUTC(t, state)
	return state
}

func (s *subject) spend(member uuid.UUID, at time.Time) func(context.Context) error {
	return func(ctx context.Context) error {
		a, err := s.Allowances.Get(ctx, member)
		if err != nil {
			return err
		}
		return a.Spend(at)
	}
}

func (s *subject) grant(t *testing.T, member uuid.UUID) {
	t.Helper()
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		return s.Allowances.Add(ctx, domain.NewRetractionAllowance(member))
	}))
}

func allowanceRoundTrip(t *testing.T, s *subject) {
	member := newID()
	require.ErrorIs(t, s.do(t, s.spend(member, builders.Epoch)), domain.ErrAllowanceNotFound)
	s.grant(t, member)
	unspent := s.allowance(t, member)
	require.Equal(t, int64(1), unspent.Version)
	require.Empty(t, unspent.Spent)

	var want []time.Time
	for n := range domain.MaxRetractions + 1 { // the last one replaces the first
		at := builders.Epoch.Add(time.Duration(n) * (domain.RetractionWindow/2 + time.Microsecond))
		want = append(want, at)
		require.NoError(t, s.do(t, s.spend(member, at)))
	}
	spent := s.allowance(t, member)
	require.Equal(t, domain.AllowanceState{Member: member, Version: 5, Spent: want[1:]}, spent)
}

func allowancesApart(t *testing.T, s *subject) {
	one, other := newID(), newID()
	s.grant(t, one)
	s.grant(t, other)
	require.NoError(t, s.do(t, s.spend(one, builders.Epoch)))
	require.Len(t, s.allowance(t, one).Spent, 1)
	require.Empty(t, s.allowance(t, other).Spent)
}

func allowanceRefused(t *testing.T, s *subject) {
	member := newID()
	s.grant(t, member)
	for range domain.MaxRetractions {
		require.NoError(t, s.do(t, s.spend(member, builders.Epoch)))
	}
	before := s.allowance(t, member)
	// The bid stands if the retraction is not allowed: both aggregates change, or neither.
	l := builders.Draft().Published().BidBy(member, "20")
	made := s.keep(t, l)
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		listing, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		if err := s.retract(ctx, listing, member, l); err != nil {
			return err
		}
		return s.spend(member, builders.Epoch)(ctx)
	}), domain.ErrTooManyRetractions)
	require.Equal(t, before, s.allowance(t, member))
	s.requireStored(t, made)
	require.Empty(t, s.messagesOf(t, member), "nothing about allowances is published")
}
