package uow_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/uow"
)

// register says who is welcome. It is the facts, and counts how it is asked.
type register struct {
	mu       sync.Mutex
	unwanted map[string]bool
	finds    [][]string
	verified [][]string
}

func (r *register) Find(_ context.Context, names []string) (map[string]bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finds = append(r.finds, slices.Sorted(slices.Values(names)))
	found := map[string]bool{}
	for _, name := range names {
		found[name] = !r.unwanted[name]
	}
	return found, nil
}

func (r *register) Verify(_ context.Context, names []string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.verified = append(r.verified, slices.Sorted(slices.Values(names)))
	for _, name := range names {
		if r.unwanted[name] {
			return uow.ErrConflict
		}
	}
	return nil
}

var errUnwanted = errors.New("not welcome")

// door lets in who is welcome.
type door struct {
	register *register
	welcome  *uow.Lookup[string, bool]
	work     *uow.Work
	let      map[string]int
}

func newDoor(unwanted ...string) *door {
	r := &register{unwanted: map[string]bool{}}
	for _, name := range unwanted {
		r.unwanted[name] = true
	}
	return &door{
		register: r, welcome: uow.NewLookup("the register", r, true),
		work: uow.New(outboxOn{newDisk()}, uow.Settings{}), let: map[string]int{},
	}
}

func (d *door) enter(names ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, name := range names {
			welcome, err := d.welcome.Get(ctx, name)
			if err != nil {
				return err
			}
			if !welcome {
				return errUnwanted
			}
			d.let[name]++
		}
		return nil
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()

	t.Run("in a unit of its own a command asks", func(t *testing.T) {
		t.Parallel()
		d := newDoor("eve")
		require.NoError(t, d.work.Do(t.Context(), d.enter("ann", "ann", "bob")))
		require.ErrorIs(t, d.work.Do(t.Context(), d.enter("eve")), errUnwanted)
		require.Equal(t, [][]string{{"ann"}, {"bob"}, {"eve"}}, d.register.finds)
		require.Empty(t, d.register.verified)
	})

	t.Run("where it may share one the expected answer is supposed, and verified at the end", func(t *testing.T) {
		t.Parallel()
		d := newDoor("eve")
		require.NoError(t, d.work.DoShared(t.Context(), d.enter("ann", "bob", "ann")))
		require.Empty(t, d.register.finds)
		require.Equal(t, [][]string{{"ann", "bob"}}, d.register.verified)
	})

	t.Run("where that was wrong the unit runs again, and asks everything at once", func(t *testing.T) {
		t.Parallel()
		d := newDoor("eve")
		require.ErrorIs(t, d.work.DoShared(t.Context(), d.enter("ann", "bob", "eve")), errUnwanted)
		require.Equal(t, [][]string{{"ann", "bob", "eve"}}, d.register.finds)
		require.Len(t, d.register.verified, 1)
	})

	t.Run("a refusal for another reason is verified, too: who is not welcome is told that", func(t *testing.T) {
		t.Parallel()
		d := newDoor("eve")
		full := errors.New("full")
		enter := func(name string) error {
			return d.work.DoShared(t.Context(), func(ctx context.Context) error {
				if err := d.enter(name)(ctx); err != nil {
					return err
				}
				return full
			})
		}
		require.ErrorIs(t, enter("ann"), full)
		require.ErrorIs(t, enter("eve"), errUnwanted)
	})

	t.Run("neighbours of who is not welcome get in", func(t *testing.T) {
		t.Parallel()
		d := newDoor("eve", "mallory")
		names := []string{"ann", "bob", "eve", "joe", "mallory", "sue"}
		outcomes := make([]error, len(names))
		var all sync.WaitGroup
		for i, name := range names {
			all.Go(func() { outcomes[i] = d.work.DoShared(t.Context(), d.enter(name)) })
		}
		all.Wait()
		for i, name := range names {
			if d.register.unwanted[name] {
				require.ErrorIs(t, outcomes[i], errUnwanted, name)
			} else {
				require.NoError(t, outcomes[i], name)
			}
		}
		require.Subset(t, slices.Collect(maps.Keys(d.let)), []string{"ann", "bob", "joe", "sue"})
	})

	t.Run("outside a unit there is no answer", func(t *testing.T) {
		t.Parallel()
		require.ErrorIs(t, newDoor().enter("ann")(t.Context()), uow.ErrNoUnit)
	})
}
