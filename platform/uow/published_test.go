package uow_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/uow"
)

func TestPublishedIsCalledWhenEventsWereCommitted(t *testing.T) {
	t.Parallel()
	calls := 0
	b := newTeller(newDisk(), uow.Settings{Published: func() { calls++ }})
	account := b.openAccount(t)
	calls = 0
	require.NoError(t, b.work.Do(t.Context(), b.deposit(account, uuid.New()).Run))
	require.Equal(t, 1, calls)
	require.NoError(t, b.work.Do(t.Context(), b.renumber(account, uuid.New()).Run))
	require.Equal(t, 1, calls, "no event was recorded")
	refused := errors.New("refused")
	require.ErrorIs(t, b.work.Do(t.Context(), func(ctx context.Context) error {
		return errors.Join(b.deposit(account, uuid.New()).Run(ctx), refused)
	}), refused)
	require.Equal(t, 1, calls, "nothing was committed")
	outcomes := b.work.DoAll(t.Context(), []uow.Command{b.deposit(account, uuid.New()), b.deposit(account, uuid.New())})
	require.Equal(t, []error{nil, nil}, outcomes)
	require.Equal(t, 2, calls, "once for all of them")
}
