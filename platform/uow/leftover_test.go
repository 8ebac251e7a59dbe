package uow_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/uow"
)

func TestWhatIsLeftOver(t *testing.T) {
	t.Parallel()
	ids := make([]uuid.UUID, 9)
	left := uow.Leftover{}
	require.NoError(t, left.Reasons("lot"))
	for i := range ids {
		ids[i] = uuid.UUID{15: byte(i)}
	}
	require.Equal(t, ids[:3], left.Untried([]uuid.UUID{ids[0], ids[1], ids[2]}))
	errBroken := errors.New("broken")
	left[ids[1]] = nil
	require.NoError(t, left.Reasons("lot"), "another server was faster")
	want := ""
	for i := 2; i < len(ids); i++ {
		left[ids[i]] = errBroken
		want += "\nlot " + ids[i].String() + ": broken"
	}
	require.EqualError(t, left.Reasons("lot"), want[1:])
	require.ErrorIs(t, left.Reasons("lot"), errBroken)
	require.Equal(t, []uuid.UUID{ids[0]}, left.Untried([]uuid.UUID{ids[2], ids[0], ids[1]}))
}
