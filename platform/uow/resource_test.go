package uow_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

var errRefused = errors.New("refused")

// resource is a resource that writes down what is asked of it and fails on demand.
type resource struct {
	name    string
	durable bool
	log     *[]string
	prepare error
	commit  error
	broken  error
}

func (r *resource) say(what string) { *r.log = append(*r.log, r.name+": "+what) }

func (r *resource) Prepare(context.Context) error { r.say("prepare"); return r.prepare }
func (r *resource) Commit(context.Context) error  { r.say("commit"); return r.commit }
func (r *resource) Rollback()                     { r.say("rollback") }
func (r *resource) Durable() bool                 { return r.durable }
func (r *resource) Err() error                    { return r.broken }

// join makes r part of the unit in ctx.
func (r *resource) join(ctx context.Context) error {
	got, err := uow.Join(ctx, r, func(context.Context, bool) (*resource, error) { return r, nil })
	if err == nil && got != r {
		return fmt.Errorf("joined another resource: %v", got)
	}
	return err
}

// noOutbox takes everything and keeps nothing.
type noOutbox struct{}

func (noOutbox) Append(context.Context, []events.Message) error { return nil }

func TestResources(t *testing.T) {
	t.Parallel()
	failure := errors.New("no space")
	for name, c := range map[string]struct {
		change  func(memory, sql *resource)
		outcome error
		want    error
		log     []string
	}{
		"memory refuses first, SQL commits, memory applies": {
			log: []string{"memory: prepare", "sql: prepare", "sql: commit", "memory: commit"},
		},
		"the function fails": {
			outcome: errRefused,
			want:    errRefused,
			log:     []string{"memory: rollback", "sql: rollback"},
		},
		"memory refuses": {
			change: func(memory, _ *resource) { memory.prepare = failure },
			want:   failure,
			log:    []string{"memory: prepare", "memory: rollback", "sql: rollback"},
		},
		"SQL refuses to prepare": {
			change: func(_, sql *resource) { sql.prepare = failure },
			want:   failure,
			log:    []string{"memory: prepare", "sql: prepare", "memory: rollback", "sql: rollback"},
		},
		"SQL refuses to commit": {
			change: func(_, sql *resource) { sql.commit = failure },
			want:   failure,
			log:    []string{"memory: prepare", "sql: prepare", "sql: commit", "memory: rollback", "sql: rollback"},
		},
		"SQL is broken by a failure that the function swallowed": {
			change: func(_, sql *resource) { sql.broken = failure },
			want:   failure,
			log:    []string{"memory: rollback", "sql: rollback"},
		},
		"memory breaks its promise after the commit": {
			change: func(memory, _ *resource) { memory.commit = failure },
			want:   uow.ErrOutcomeUnknown,
			log:    []string{"memory: prepare", "sql: prepare", "sql: commit", "memory: commit"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := []string{}
			memory, sql := &resource{name: "memory", log: &log}, &resource{name: "sql", durable: true, log: &log}
			if c.change != nil {
				c.change(memory, sql)
			}
			err := uow.New(noOutbox{}, uow.Settings{}).Do(t.Context(), func(ctx context.Context) error {
				return errors.Join(sql.join(ctx), memory.join(ctx), sql.join(ctx), c.outcome)
			})
			require.ErrorIs(t, err, c.want)
			require.Equal(t, c.log, log)
		})
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	work := uow.New(noOutbox{}, uow.Settings{})

	t.Run("a second database is refused and the first is rolled back", func(t *testing.T) {
		t.Parallel()
		var log []string
		first, second := &resource{name: "first", durable: true, log: &log}, &resource{name: "second", durable: true, log: &log}
		err := work.Do(t.Context(), func(ctx context.Context) error {
			if err := first.join(ctx); err != nil {
				return err
			}
			return second.join(ctx)
		})
		require.ErrorIs(t, err, uow.ErrTwoDatabases)
		require.Equal(t, []string{"second: rollback", "first: rollback"}, log)
	})

	t.Run("what cannot be opened does not join and may be tried again", func(t *testing.T) {
		t.Parallel()
		log, opened := []string{}, 0
		r := &resource{name: "sql", durable: true, log: &log}
		require.NoError(t, work.Do(t.Context(), func(ctx context.Context) error {
			for range 3 {
				_, err := uow.Join(ctx, r, func(context.Context, bool) (*resource, error) {
					if opened++; opened == 1 {
						return nil, errRefused
					}
					return r, nil
				})
				if opened == 1 {
					require.ErrorIs(t, err, errRefused)
				}
			}
			return nil
		}))
		require.Equal(t, 2, opened)
		require.Equal(t, []string{"sql: prepare", "sql: commit"}, log)
	})

	t.Run("outside a unit nothing is opened", func(t *testing.T) {
		t.Parallel()
		require.ErrorIs(t, (&resource{}).join(t.Context()), uow.ErrNoUnit)
	})

	t.Run("the second run says that it locks", func(t *testing.T) {
		t.Parallel()
		var log []string
		var locking []bool
		err := work.Do(t.Context(), func(ctx context.Context) error {
			_, err := uow.Join(ctx, &log, func(_ context.Context, lock bool) (*resource, error) {
				locking = append(locking, lock)
				return &resource{name: "sql", log: &log}, nil
			})
			if len(locking) < 3 {
				err = fmt.Errorf("%w: made up", uow.ErrConflict)
			}
			return err
		})
		require.NoError(t, err)
		require.Equal(t, []bool{false, true, true}, locking)
	})
}

// A conflict that the function swallowed has broken the transaction all the same: the unit runs again.
func TestSwallowedConflict(t *testing.T) {
	t.Parallel()
	var log []string
	runs := 0
	require.NoError(t, uow.New(noOutbox{}, uow.Settings{}).Do(t.Context(), func(ctx context.Context) error {
		runs++
		r := &resource{name: "sql", durable: true, log: &log}
		if runs == 1 {
			r.broken = fmt.Errorf("%w: deadlock", uow.ErrConflict)
		}
		return r.join(ctx)
	}))
	require.Equal(t, 2, runs)
	require.Equal(t, []string{"sql: rollback", "sql: prepare", "sql: commit"}, log)
}

// A command that breaks the transaction must not take its neighbours with it.
func TestBrokenTransactionInABatch(t *testing.T) {
	t.Parallel()
	var log []string
	var sql *resource
	open := func(ctx context.Context) error {
		r, err := uow.Join(ctx, &log, func(context.Context, bool) (*resource, error) {
			return &resource{name: "sql", durable: true, log: &log}, nil
		})
		sql = r
		return err
	}
	breaks := func(ctx context.Context) error {
		err := open(ctx)
		sql.broken = errRefused
		return err
	}
	outcomes := uow.New(noOutbox{}, uow.Settings{}).DoAll(t.Context(), []uow.Command{{Run: open}, {Run: breaks}, {Run: open}})
	require.Len(t, outcomes, 3)
	require.NoError(t, outcomes[0])
	require.ErrorIs(t, outcomes[1], errRefused)
	require.NoError(t, outcomes[2])
	require.Equal(t, []string{
		"sql: rollback",
		"sql: prepare", "sql: commit", "sql: rollback", "sql: prepare", "sql: commit",
	}, log)
}

// A hanging commit ends with the commit's own deadline, not with the caller's patience.
func TestCommitHasItsOwnDeadline(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var prepared context.Context
	err := uow.New(noOutbox{}, uow.Settings{CommitDeadline: time.Millisecond}).Do(ctx, func(ctx context.Context) error {
		_, err := uow.Join(ctx, t, func(context.Context, bool) (*hanging, error) {
			return &hanging{resource{name: "sql", log: new([]string)}, cancel, &prepared}, nil
		})
		return err
	})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorIs(t, err, uow.ErrBusy, "nothing was stored, and the caller is told to try again")
	require.NotErrorIs(t, err, context.Canceled)
	require.NotNil(t, prepared)
}

// hanging is a resource whose Prepare lets the caller leave and then waits for its own context.
type hanging struct {
	resource
	leave    func()
	prepared *context.Context
}

func (r *hanging) Prepare(ctx context.Context) error {
	*r.prepared = ctx
	r.leave()
	<-ctx.Done()
	return ctx.Err()
}
