package httpserver_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestEvenHidesWhatAnAnswerHasTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct{ took, whole time.Duration }{
			{0, 20 * time.Millisecond},
			{time.Millisecond, 20 * time.Millisecond},
			{20*time.Millisecond - 1, 20 * time.Millisecond},
			{20 * time.Millisecond, 40 * time.Millisecond},
			{31 * time.Millisecond, 40 * time.Millisecond},
		} {
			begun := time.Now()
			time.Sleep(c.took)
			httpserver.Even(t.Context(), begun)
			require.Equal(t, c.whole, time.Since(begun))
		}
		begun := time.Now()
		gone, leave := context.WithCancel(t.Context())
		leave()
		httpserver.Even(gone, begun)
		require.Zero(t, time.Since(begun), "nobody is left to be deceived")
	})
}
