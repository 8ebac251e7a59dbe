package uow

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
)

// beast is an aggregate that nobody stores.
type beast struct{ id uuid.UUID }

func (b *beast) ID() uuid.UUID                            { return b.id }
func (b *beast) Version() int64                           { return 1 }
func (b *beast) Snapshot() *beast                         { return &beast{b.id} }
func (b *beast) Settle() (recorded []event, changed bool) { return nil, false }

type event struct{}

// zoo has every beast, and takes note of nothing.
type zoo struct{}

func (zoo) Load(_ context.Context, ids []uuid.UUID, _ bool) (found []*beast, err error) {
	for _, id := range ids {
		found = append(found, &beast{id})
	}
	return found, nil
}
func (zoo) Save(context.Context, []Change[*beast, event]) error         { return nil }
func (zoo) Committed(context.Context, []uuid.UUID) ([]uuid.UUID, error) { return nil, nil }
func (zoo) Append(context.Context, []events.Message) error              { return nil }

func newBeasts() *Repository[*beast, event] {
	return NewRepository("beasts", zoo{}, errNo, func(*beast, event) (events.Message, bool) { return events.Message{}, false })
}

func TestACommandsLane(t *testing.T) {
	t.Parallel()
	beasts, others := newBeasts(), newBeasts()
	id := uuid.New()

	t.Run("is that of the aggregate that it names first, whatever else it says", func(t *testing.T) {
		t.Parallel()
		want := laneOf(t.Context(), []Hint{beasts.Loads(id)}, 4)
		require.Equal(t, want, laneOf(t.Context(), []Hint{CommandID(uuid.New()), others.Loads(id, uuid.New()), beasts.Loads(uuid.New())}, 4))
		require.Equal(t, want, laneOf(t.Context(), []Hint{beasts.Loads(), beasts.Loads(id)}, 4))
	})

	t.Run("is any of them", func(t *testing.T) {
		t.Parallel()
		seen := map[int]bool{}
		for range 200 {
			lane := laneOf(t.Context(), []Hint{beasts.Loads(uuid.New())}, 4)
			require.Less(t, lane, 4)
			seen[lane] = true
		}
		require.Len(t, seen, 4)
	})

	t.Run("is the first without announcements, and where there is one", func(t *testing.T) {
		t.Parallel()
		require.Zero(t, laneOf(t.Context(), nil, 4))
		require.Zero(t, laneOf(t.Context(), []Hint{beasts.Loads(id)}, 1))
	})
}

// While one lane is at work another goes on. With one lane the first command would wait for ever.
func TestLanesDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	beasts := newBeasts()
	one, other := uuid.New(), uuid.New()
	for laneOf(t.Context(), []Hint{beasts.Loads(one)}, 2) == laneOf(t.Context(), []Hint{beasts.Loads(other)}, 2) {
		other = uuid.New()
	}
	work := New(zoo{}, Settings{Lanes: 2})
	begun, over := make(chan struct{}), make(chan struct{})
	outcome := make(chan error, 1)
	go func() {
		outcome <- work.DoShared(t.Context(), func(context.Context) error {
			close(begun)
			<-over
			return nil
		}, beasts.Loads(one))
	}()
	<-begun
	require.NoError(t, work.DoShared(t.Context(), succeed, beasts.Loads(other)))
	close(over)
	require.NoError(t, <-outcome)
}
