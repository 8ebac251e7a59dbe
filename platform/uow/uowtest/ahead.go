package uowtest

import (
	"context"
	"encoding/binary"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/uow"
)

// aheadCases say what becomes of units that are computed while the one before is flushed, with what that one is about to leave.
var aheadCases = []testCase{
	{"many commands are computed while the unit before is flushed, and answered after it", computedAhead},
	{"what builds on a unit that did not happen runs again", buildsOnNothing},
	{"a success that rests on what did not happen is none", successOnNothing},
	{"a refusal that rests on what did not happen is none", refusalOnNothing},
	{"commands that take locks wait for the unit before", locksInTurn},
	{"units that do not build on each other are flushed at the same time", flushedTogether},
}

// many is as many commands as are computed while others are flushed.
const many = 4

// gate is a resource that holds the unit up between its being computed and its being committed.
type gate struct {
	reached chan struct{}
	verdict chan error
	passed  atomic.Bool
}

func newGate() *gate { return &gate{reached: make(chan struct{}), verdict: make(chan error, 1)} }

// hold makes the running unit wait at the gate, once.
func (g *gate) hold(ctx context.Context) error {
	if g.passed.Load() {
		return nil
	}
	_, err := uow.Join(ctx, g, func(context.Context, bool) (*gate, error) { return g, nil })
	return err
}

func (g *gate) Prepare(context.Context) error {
	g.passed.Store(true)
	close(g.reached)
	return <-g.verdict
}

func (g *gate) Commit(context.Context) error { return nil }
func (g *gate) Rollback()                    {}
func (g *gate) Durable() bool                { return false }
func (g *gate) Err() error                   { return nil }

// ahead is a unit that is held up at a gate, and the callers of the one after it.
type ahead struct {
	gate     *gate
	first    chan error
	outcomes chan error
	runs     atomic.Int64
}

// holdUp runs the command in a unit and returns when that waits at the gate.
func (s *server) holdUp(t *testing.T, run func(context.Context) error, ids ...uuid.UUID) *ahead {
	t.Helper()
	a := &ahead{gate: newGate(), first: make(chan error, 1), outcomes: make(chan error, many)}
	go func() {
		a.first <- s.work.DoShared(t.Context(), func(ctx context.Context) error {
			if err := a.gate.hold(ctx); err != nil {
				return err
			}
			return run(ctx)
		}, s.accounts.Loads(ids...))
	}()
	<-a.gate.reached
	return a
}

// follow has many callers run the command in the unit after.
func (a *ahead) follow(t *testing.T, s *server, run func(context.Context) error, ids ...uuid.UUID) {
	t.Helper()
	for range many {
		go func() {
			a.outcomes <- s.work.DoShared(t.Context(), func(ctx context.Context) error {
				a.runs.Add(1)
				return run(ctx)
			}, s.accounts.Loads(ids...))
		}()
	}
}

// requireComputed returns when all who follow have run, and fails if any was answered.
func (a *ahead) requireComputed(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return a.runs.Load() == many }, patience, time.Millisecond)
	require.Empty(t, a.outcomes, "answered before the unit before")
}

// open lets the unit go on, with that error if it is one, and returns its outcome.
func (a *ahead) open(verdict error) error {
	a.gate.verdict <- verdict
	return <-a.first
}

// requireAll fails unless every one of those who follow has that outcome.
func (a *ahead) requireAll(t *testing.T, want error) {
	t.Helper()
	for range many {
		require.ErrorIs(t, <-a.outcomes, want)
	}
}

func computedAhead(t *testing.T, s *subject) {
	id := s.open(t, 0)
	a := s.holdUp(t, s.deposit(id, many), id)
	a.follow(t, s.server, s.withdraw(id, 1), id)
	a.requireComputed(t)
	require.NoError(t, a.open(nil))
	a.requireAll(t, nil)
	require.EqualValues(t, many, a.runs.Load(), "it built on what was left, and had no reason to run again")
	s.requireAccount(t, id, 0, 2+many)
	require.Len(t, s.amounts(t, id, Withdrawn), many)
}

// buildsOnNothing has another server bring the account to the very version to which the unit before would have brought it.
func buildsOnNothing(t *testing.T, s *subject) {
	id := s.open(t, 0)
	other := s.another(t)
	a := s.holdUp(t, s.deposit(id, 1), id)
	a.follow(t, s.server, s.deposit(id, 1), id)
	a.requireComputed(t)
	require.NoError(t, other.work.Do(t.Context(), other.deposit(id, 1_000), other.accounts.Loads(id)))
	require.ErrorIs(t, a.open(errRefused), errRefused)
	a.requireAll(t, nil)
	s.requireAccount(t, id, 1_000+many, 2+many)
	require.Len(t, s.amounts(t, id, Deposited), 1+many)
}

func successOnNothing(t *testing.T, s *subject) {
	id := s.open(t, 0)
	a := s.holdUp(t, s.deposit(id, many), id)
	a.follow(t, s.server, s.withdraw(id, 1), id)
	a.requireComputed(t)
	require.ErrorIs(t, a.open(errRefused), errRefused)
	a.requireAll(t, ErrOverdrawn)
	s.requireAccount(t, id, 0, 1)
}

func refusalOnNothing(t *testing.T, s *subject) {
	id := s.open(t, many)
	a := s.holdUp(t, s.withdraw(id, many), id)
	a.follow(t, s.server, s.withdraw(id, 1), id)
	a.requireComputed(t)
	require.ErrorIs(t, a.open(errRefused), errRefused)
	a.requireAll(t, nil)
	s.requireAccount(t, id, 0, 1+many)
}

func locksInTurn(t *testing.T, s *subject) {
	id, ledger := s.open(t, 0), s.openLedger(t)
	a := s.holdUp(t, s.deposit(id, 1), id)
	a.follow(t, s.server, s.post(ledger, 1), id)
	require.NoError(t, a.open(nil))
	a.requireAll(t, nil)
	require.EqualValues(t, many, s.ledger(t, ledger).Lines)
}

// flushedTogether holds a unit up while many change another account.
func flushedTogether(t *testing.T, s *subject) {
	held, free := s.open(t, 0), s.open(t, 0)
	for lane(free) != lane(held) {
		free = s.open(t, 0)
	}
	a := s.holdUp(t, s.deposit(held, 1), held)
	a.follow(t, s.server, s.deposit(free, 1), free)
	if s.Waiting == WaitsForRows {
		a.requireAll(t, nil)
		s.requireAccount(t, held, 0, 1)
		require.NoError(t, a.open(nil))
	} else { // one may have to wait for the other
		require.NoError(t, a.open(nil))
		a.requireAll(t, nil)
	}
	s.requireAccount(t, free, many, 1+many)
	s.requireAccount(t, held, 1, 2)
}

// lane is where the commands on an account are.
func lane(id uuid.UUID) uint64 { return binary.BigEndian.Uint64(id[8:]) % lanes }
