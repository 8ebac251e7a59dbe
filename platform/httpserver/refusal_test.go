package httpserver_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestRefusal(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	require.Equal(t, http.StatusUnprocessableEntity, httpserver.Refusal(h, failures["invalid"]))
	require.Equal(t, http.StatusForbidden, httpserver.Refusal(h, failures["forbidden"]))
	require.Equal(t, http.StatusInternalServerError, httpserver.Refusal(h, failures["plain"]))
	require.Empty(t, h)
	require.Equal(t, http.StatusTooManyRequests, httpserver.Refusal(h, failures["limited"]))
	require.Equal(t, "7", h.Get("Retry-After"))
	httpserver.Refusal(h, fault.New(fault.Limited, "slow_down", "Slow down.").With("retry_after", int64(60)))
	require.Equal(t, "60", h.Get("Retry-After"))
}
