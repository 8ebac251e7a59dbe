package uowtest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// eventCases say which events reach the outbox.
var eventCases = []testCase{
	{"events are there as they were recorded, in order", eventsInOrder},
	{"what is not published is not in the outbox", unpublished},
	{"a failed outbox fails the unit", outboxInTransaction},
	{"a unit that runs again publishes once", publishedOnce},
	{"an aggregate's events are numbered in the order of the commits, without gaps", orderOfCommits},
}

func eventsInOrder(t *testing.T, s *subject) {
	id, command := newID(), newID()
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		a := OpenAccount(command, id, "0001", instant)
		for _, amount := range []int64{3, 1, 2} {
			a.Deposit(command, amount, instant)
		}
		if err := a.Withdraw(command, 6, instant); err != nil {
			return err
		}
		return s.accounts.Add(ctx, a)
	}))
	got := s.Messages(t)
	require.Len(t, got, 5)
	for i, want := range []Event{
		{Kind: Opened},
		{Kind: Deposited, Amount: 3},
		{Kind: Deposited, Amount: 1},
		{Kind: Deposited, Amount: 2},
		{Kind: Withdrawn, Amount: 6},
	} {
		want.Aggregate, want.Seq, want.At = id, int64(i+1), instant
		m, published := Publish[*Account](nil, want)
		require.True(t, published)
		require.JSONEq(t, string(m.Payload), string(got[i].Payload))
		m.Payload, got[i].Payload = nil, nil
		require.Equal(t, m, got[i])
	}
}

func unpublished(t *testing.T, s *subject) {
	id := s.openLedger(t)
	require.NoError(t, s.work.Do(t.Context(), s.post(id, 1)))
	require.Equal(t, int64(1), s.ledger(t, id).Lines)
	require.Empty(t, s.Messages(t))
}

func outboxInTransaction(t *testing.T, s *subject) {
	id := s.open(t, 100)
	failing := newServer(Backend{Accounts: s.accountStore.inner, Ledgers: s.ledgerStore.inner, Outbox: fullOutbox{}})
	require.ErrorIs(t, failing.work.Do(t.Context(), failing.deposit(id, 1)), errFull)
	s.requireAccount(t, id, 100, 1)
	require.Len(t, s.Messages(t), 2)
}

func publishedOnce(t *testing.T, s *subject) {
	id := s.open(t, 100)
	runs, conflicts := 0, 2
	s.accountStore.before(func(context.Context) error {
		if conflicts == 0 {
			return nil
		}
		conflicts--
		return fmt.Errorf("%w: made up by the test", uow.ErrConflict)
	})
	require.NoError(t, s.work.Do(t.Context(), func(ctx context.Context) error {
		runs++
		return s.deposit(id, 1)(ctx)
	}))
	require.Equal(t, 3, runs)
	s.requireAccount(t, id, 101, 2)
	require.Equal(t, []int64{100, 1}, s.amounts(t, id, Deposited))
}

func orderOfCommits(t *testing.T, s *subject) {
	id, other := s.open(t, 0), s.another(t)
	var want []int64
	for n := range int64(10) {
		server := []*server{s.server, other}[n%2]
		outcomes := server.work.DoAll(t.Context(), []uow.Command{
			{Run: server.deposit(id, 3*n+1)},
			{Run: func(ctx context.Context) error { return errors.Join(server.deposit(id, 1_000)(ctx), errRefused) }},
			{Run: server.deposit(id, 3*n+2)},
		})
		requireOutcomes(t, outcomes, nil, errRefused, nil)
		want = append(want, 3*n+1, 3*n+2)
	}
	require.Equal(t, want, s.amounts(t, id, Deposited))
	for i, m := range s.Messages(t) {
		require.Equal(t, int64(i+1), m.Seq)
	}
}

var errFull = errors.New("the outbox is full")

// fullOutbox takes no message.
type fullOutbox struct{}

func (fullOutbox) Append(context.Context, []events.Message) error { return errFull }
