package memory_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/platform/events"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOutbox(t *testing.T) {
	t.Parallel()
	outbox := eventsmemory.NewOutbox(memory.NewDatabase())
	work := uow.New(outbox, uow.Settings{})
	one, two, three := newMessage("one"), newMessage("two"), newMessage("three")
	appendAll := func(outcome error, messages ...events.Message) error {
		return work.Do(t.Context(), func(ctx context.Context) error {
			return errors.Join(outbox.Append(ctx, messages), outcome)
		})
	}

	require.Empty(t, outbox.Messages())
	require.NoError(t, appendAll(nil, one, two))
	require.Equal(t, []events.Message{one, two}, outbox.Messages())

	refused := errors.New("refused")
	require.ErrorIs(t, appendAll(refused, three), refused)
	require.Equal(t, []events.Message{one, two}, outbox.Messages(), "nothing stays of a unit that failed")

	require.NoError(t, appendAll(nil, three))
	require.Equal(t, []events.Message{one, two, three}, outbox.Messages())

	require.ErrorIs(t, outbox.Append(t.Context(), []events.Message{one}), uow.ErrNoUnit)
}

func TestMessagesAreACopy(t *testing.T) {
	t.Parallel()
	outbox := eventsmemory.NewOutbox(memory.NewDatabase())
	given := []events.Message{newMessage("one")}
	require.NoError(t, uow.New(outbox, uow.Settings{}).Do(t.Context(), func(ctx context.Context) error {
		return outbox.Append(ctx, given)
	}))
	given[0].Kind = "changed by the one who gave it"
	outbox.Messages()[0].Kind = "changed by the one who read it"
	require.Equal(t, "one", outbox.Messages()[0].Kind)
}

func newMessage(kind string) events.Message { return events.Message{ID: uuid.New(), Kind: kind} }
