package contract

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
	"github.com/gavelhq/gavel/platform/uow"
)

// kind is one kind of aggregate with what the cases need to know of it.
type kind[A uow.Aggregate[A, domain.Event]] struct {
	name       string
	repository func(s *subject) domain.Repository[A]
	// missing is what Get answers for an unknown id; there what the commit answers for an id that is there, nil when the
	// unit runs again instead.
	missing, there error
	// state returns the aggregate as plain data.
	state func(A) any
	// bare returns a new aggregate with as little in it as there can be, full a new one with as much. Both have the same id
	// for the same n, if the kind has more than one id.
	bare, full func(n int) A
	// change is a command that changes the full one whatever was changed before; nil for what never changes.
	change func(A)
	// once says that an id is never used again, because the events of the second would be taken for those of the first.
	once bool
	// elsewhere are the fields of the state that full leaves zero.
	elsewhere []string
}

// cases returns what every kind promises.
func (k kind[A]) cases() []testCase {
	all := []testCase{
		{k.name + ": full ones fill every field", k.fullIsFull},
		{k.name + ": what is stored comes back", k.roundTrip},
		{k.name + ": what is not there is not found", k.notFound},
		{k.name + ": an id is added once", k.addedOnce},
		{k.name + ": what is removed is gone, and the id free", k.removal},
		{k.name + ": a unit that fails changes nothing", k.rollback},
	}
	if k.change != nil {
		all = append(all,
			testCase{k.name + ": a change moves the version by one, a look does not", k.changes},
			testCase{k.name + ": no change is lost", func(t *testing.T, s *subject) { k.noLostChange(t, s, false) }},
			testCase{k.name + ": no change is lost between units that lock", func(t *testing.T, s *subject) { k.noLostChange(t, s, true) }},
			testCase{k.name + ": what was removed meanwhile is not changed", k.removedMeanwhile},
			testCase{k.name + ": what was changed meanwhile is not removed unseen", k.changedMeanwhile},
		)
	}
	return all
}

// stored returns the stored state, loaded with and without a lock.
func (k kind[A]) stored(t *testing.T, s *subject, id uuid.UUID) (state any) {
	t.Helper()
	r := k.repository(s)
	read := func(ctx context.Context) error {
		a, err := r.Get(ctx, id)
		if err != nil {
			return err
		}
		require.Equal(t, id, a.ID())
		state = k.state(a)
		return nil
	}
	s.must(t, read)
	loaded := state
	require.NoError(t, s.Work.Do(t.Context(), read, r.Loads(id)))
	valuetest.RequireSame(t, loaded, state, "locked")
	valuetest.RequireUTC(t, state)
	return state
}

// add stores what make returns, and returns it as it should be stored.
func (k kind[A]) add(t *testing.T, s *subject, made func() A) (id uuid.UUID, state any) {
	t.Helper()
	s.must(t, func(ctx context.Context) error {
		a := made()
		id = a.ID()
		settled := a.Snapshot()
		settled.Settle()
		state = k.state(settled)
		return k.repository(s).Add(ctx, a)
	})
	return id, state
}

func (k kind[A]) fullIsFull(t *testing.T, _ *subject) {
	a := k.full(1)
	a.Settle()
	state := reflect.ValueOf(k.state(a))
	for i := range state.NumField() {
		name := state.Type().Field(i).Name
		elsewhere := false
		for _, e := range k.elsewhere {
			elsewhere = elsewhere || e == name
		}
		require.Equal(t, elsewhere, state.Field(i).IsZero(), "whether %s is zero", name)
	}
}

func (k kind[A]) roundTrip(t *testing.T, s *subject) {
	for n, made := range []func(n int) A{k.bare, k.full} {
		id, want := k.add(t, s, func() A { return made(n) })
		valuetest.RequireSame(t, want, k.stored(t, s, id), "state")
		require.Equal(t, int64(1), reflect.ValueOf(want).FieldByName("Version").Int())
		s.must(t, func(ctx context.Context) error { return k.repository(s).Remove(ctx, id) })
	}
}

func (k kind[A]) notFound(t *testing.T, s *subject) {
	r, id := k.repository(s), newID()
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		_, err := r.Get(ctx, id)
		return err
	}), k.missing)
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error { return r.Remove(ctx, id) }), k.missing)
	require.NoError(t, s.Work.Do(t.Context(), func(context.Context) error { return nil }, r.Loads(id)))
	_, err := r.Get(t.Context(), id)
	require.ErrorIs(t, err, uow.ErrNoUnit)
	require.ErrorIs(t, r.Add(t.Context(), k.bare(0)), uow.ErrNoUnit)
}

// addedOnce adds blindly what is there. Where that is a conflict, the unit runs again and can find it.
func (k kind[A]) addedOnce(t *testing.T, s *subject) {
	r := k.repository(s)
	id, want := k.add(t, s, func() A { return k.full(1) })
	runs := 0
	err := s.do(t, func(ctx context.Context) error {
		if runs++; runs > 1 {
			_, err := r.Get(ctx, id)
			return err
		}
		return r.Add(ctx, k.bare(1))
	})
	if k.there == nil {
		require.NoError(t, err)
		require.Equal(t, 2, runs)
	} else {
		require.ErrorIs(t, err, k.there)
		require.Equal(t, 1, runs)
	}
	valuetest.RequireSame(t, want, k.stored(t, s, id), "state")
}

func (k kind[A]) removal(t *testing.T, s *subject) {
	r := k.repository(s)
	id, _ := k.add(t, s, func() A { return k.full(1) })
	s.must(t, func(ctx context.Context) error {
		if err := r.Remove(ctx, id); err != nil {
			return err
		}
		_, err := r.Get(ctx, id)
		require.ErrorIs(t, err, k.missing)
		return nil
	})
	require.False(t, exists(t, s, r, id, k.missing))
	if k.once {
		return
	}
	again, want := k.add(t, s, func() A { return k.bare(1) })
	require.Equal(t, id, again)
	valuetest.RequireSame(t, want, k.stored(t, s, id), "state")
}

var errCommand = errors.New("the command fails")

func (k kind[A]) rollback(t *testing.T, s *subject) {
	r := k.repository(s)
	var added uuid.UUID
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		a := k.full(1)
		added = a.ID()
		return errors.Join(r.Add(ctx, a), errCommand)
	}), errCommand)
	require.False(t, exists(t, s, r, added, k.missing))

	id, want := k.add(t, s, func() A { return k.full(1) })
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		a, err := r.Get(ctx, id)
		if err == nil && k.change != nil {
			k.change(a)
		}
		return errors.Join(err, errCommand)
	}), errCommand)
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		return errors.Join(r.Remove(ctx, id), errCommand)
	}), errCommand)
	valuetest.RequireSame(t, want, k.stored(t, s, id), "state")
}

// changed returns a command that changes the stored aggregate, after it has met the other unit.
func (k kind[A]) changed(s *subject, id uuid.UUID, meet func()) func(context.Context) error {
	return func(ctx context.Context) error {
		a, err := k.repository(s).Get(ctx, id)
		if err != nil {
			return err
		}
		meet()
		k.change(a)
		return nil
	}
}

func (k kind[A]) changes(t *testing.T, s *subject) {
	r := k.repository(s)
	id, _ := k.add(t, s, func() A { return k.full(1) })
	for version := int64(2); version < 4; version++ {
		var want any
		s.must(t, func(ctx context.Context) error {
			a, err := r.Get(ctx, id)
			if err != nil {
				return err
			}
			k.change(a)
			settled := a.Snapshot()
			settled.Settle()
			want = k.state(settled)
			return nil
		})
		got := k.stored(t, s, id)
		valuetest.RequireSame(t, want, got, "state")
		require.Equal(t, version, reflect.ValueOf(got).FieldByName("Version").Int())
	}
}

func (k kind[A]) noLostChange(t *testing.T, s *subject, locked bool) {
	id, _ := k.add(t, s, func() A { return k.full(1) })
	var hints []uow.Hint
	if locked {
		hints = append(hints, k.repository(s).Loads(id))
	}
	runs := s.overlap(t, func(ctx context.Context, meet func()) error {
		return k.changed(s, id, meet)(ctx)
	}, k.changed(s, id, func() {}), hints...)
	s.Waiting.RequireRuns(t, runs, locked)
	require.Equal(t, int64(3), reflect.ValueOf(k.stored(t, s, id)).FieldByName("Version").Int())
}

func (k kind[A]) removedMeanwhile(t *testing.T, s *subject) {
	id, _ := k.add(t, s, func() A { return k.full(1) })
	_, err := s.overlapping(t, func(ctx context.Context, meet func()) error {
		return k.changed(s, id, meet)(ctx)
	}, func(ctx context.Context) error { return k.repository(s).Remove(ctx, id) })
	if s.Waiting.BothProceed(false) {
		require.ErrorIs(t, err, k.missing)
	} else { // it was removed afterwards
		require.NoError(t, err)
	}
	require.False(t, exists(t, s, k.repository(s), id, k.missing))
}

func (k kind[A]) changedMeanwhile(t *testing.T, s *subject) {
	r := k.repository(s)
	id, _ := k.add(t, s, func() A { return k.full(1) })
	seen := int64(0)
	runs, err := s.overlapping(t, func(ctx context.Context, meet func()) error {
		a, err := r.Get(ctx, id)
		if err != nil {
			return err
		}
		meet()
		seen = a.Version()
		return r.Remove(ctx, id)
	}, func(ctx context.Context) error {
		if err := k.changed(s, id, func() {})(ctx); !errors.Is(err, k.missing) { // it may have come too late
			return err
		}
		return nil
	})
	require.NoError(t, err)
	s.Waiting.RequireRuns(t, runs, false)
	require.Equal(t, int64(runs), seen, "the version that was removed")
	require.False(t, exists(t, s, r, id, k.missing))
}
