package contract

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/uow"
)

// standingCases say what units of other modules are told of members.
var standingCases = []testCase{
	{"a standing is what is committed", standingCommitted},
	{"a block is of one member by another one, and not the other way round", standingBlocked},
	{"a standing is told inside units only", standingInUnits},
	{"a standing is not what the unit itself has changed", standingOfOwnUnit},
	{"duties are what is committed", dutiesCommitted},
	{"duties are told inside units only", dutiesInUnits},
}

// standing asks in a unit of its own.
func (s *subject) standing(t *testing.T, member, other uuid.UUID) (r app.StandingRecord, ok bool) {
	t.Helper()
	s.must(t, func(ctx context.Context) (err error) {
		r, ok, err = s.Standings.Standing(ctx, member, other)
		return err
	})
	return r, ok
}

func standingCommitted(t *testing.T, s *subject) {
	_, ok := s.standing(t, newID(), newID())
	require.False(t, ok)
	_, ok = s.standing(t, uuid.Nil, uuid.Nil)
	require.False(t, ok)

	id := s.register(t, registration{pending: true, unverified: true})
	for _, step := range []struct {
		command func(*domain.Account) error
		want    app.StandingRecord
	}{
		{func(*domain.Account) error { return nil }, app.StandingRecord{Status: domain.StatusPending}},
		{func(a *domain.Account) error { return a.Approve(uuid.Nil, noon) }, app.StandingRecord{Status: domain.StatusActive}},
		{
			func(a *domain.Account) error { return a.MarkVerified(uuid.Nil, noon) },
			app.StandingRecord{Status: domain.StatusActive, Verified: true},
		},
		{
			func(a *domain.Account) error { return a.Suspend(uuid.Nil, noon) },
			app.StandingRecord{Status: domain.StatusSuspended, Verified: true},
		},
		{func(a *domain.Account) error { return a.Delete(noon) }, app.StandingRecord{Status: domain.StatusDeleted}},
	} {
		s.change(t, id, step.command)
		got, ok := s.standing(t, id, uuid.Nil)
		require.True(t, ok)
		require.Equal(t, step.want, got)
	}
}

func standingBlocked(t *testing.T, s *subject) {
	seller, bidder, third := s.register(t, registration{}), s.register(t, registration{}), s.register(t, registration{})
	s.block(t, seller, bidder, noon)
	for _, c := range []struct {
		member, other uuid.UUID
		want          bool
	}{
		{bidder, seller, true},
		{seller, bidder, false},
		{bidder, third, false},
		{third, seller, false},
		{bidder, uuid.Nil, false},
		{bidder, bidder, false},
	} {
		got, ok := s.standing(t, c.member, c.other)
		require.True(t, ok)
		require.Equal(t, app.StandingRecord{Status: domain.StatusActive, Verified: true, BlockedByOther: c.want}, got)
	}
	s.must(t, func(ctx context.Context) error { return s.Blocks.Remove(ctx, domain.BlockID(seller, bidder)) })
	got, _ := s.standing(t, bidder, seller)
	require.False(t, got.BlockedByOther)
}

func standingInUnits(t *testing.T, s *subject) {
	_, _, err := s.Standings.Standing(t.Context(), newID(), newID())
	require.ErrorIs(t, err, uow.ErrNoUnit)
	var kept context.Context
	s.must(t, func(ctx context.Context) error {
		kept = ctx
		return nil
	})
	_, _, err = s.Standings.Standing(kept, newID(), newID())
	require.ErrorIs(t, err, uow.ErrEnded)
}

// standingOfOwnUnit pins down what the ports leave open, so that all stores do the same.
func standingOfOwnUnit(t *testing.T, s *subject) {
	id := s.register(t, registration{})
	s.must(t, func(ctx context.Context) error {
		a, err := s.Accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		if err := a.Suspend(uuid.Nil, noon); err != nil {
			return err
		}
		got, _, err := s.Standings.Standing(ctx, id, uuid.Nil)
		require.Equal(t, domain.StatusActive, got.Status)
		return err
	})
	got, _ := s.standing(t, id, uuid.Nil)
	require.Equal(t, domain.StatusSuspended, got.Status)
}

// duties asks in a unit of its own.
func (s *subject) duties(t *testing.T, member uuid.UUID) (r app.DutiesRecord, ok bool) {
	t.Helper()
	s.must(t, func(ctx context.Context) (err error) {
		r, ok, err = s.Standings.Duties(ctx, member)
		return err
	})
	return r, ok
}

func dutiesCommitted(t *testing.T, s *subject) {
	_, ok := s.duties(t, newID())
	require.False(t, ok)
	id := s.register(t, registration{})
	for _, step := range []struct {
		command func(*domain.Account) error
		status  domain.Status
		roles   []identity.Role
	}{
		{func(*domain.Account) error { return nil }, domain.StatusActive, nil},
		{func(a *domain.Account) error { return a.Grant(identity.Lead, uuid.Nil, noon) }, domain.StatusActive, []identity.Role{identity.Lead}},
		{
			func(a *domain.Account) error { return a.Grant(identity.Agent, uuid.Nil, noon) },
			domain.StatusActive,
			[]identity.Role{identity.Agent, identity.Lead},
		},
		{func(a *domain.Account) error { return a.Withdraw(identity.Lead, uuid.Nil, noon) }, domain.StatusActive, []identity.Role{identity.Agent}},
		{func(a *domain.Account) error { return a.Suspend(uuid.Nil, noon) }, domain.StatusSuspended, []identity.Role{identity.Agent}},
	} {
		s.change(t, id, step.command)
		got, ok := s.duties(t, id)
		require.True(t, ok)
		require.Equal(t, step.status, got.Status)
		require.ElementsMatch(t, step.roles, got.Roles)
	}
}

func dutiesInUnits(t *testing.T, s *subject) {
	_, _, err := s.Standings.Duties(t.Context(), newID())
	require.ErrorIs(t, err, uow.ErrNoUnit)
}
