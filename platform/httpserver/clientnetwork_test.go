package httpserver_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestClientNetwork(t *testing.T) {
	t.Parallel()
	network := httpserver.Routes{Name: "network", Register: func(_ huma.API, router chi.Router) {
		router.Get("/network", func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprint(w, httpserver.ClientNetwork(r.Context()))
		})
	}}
	h := serve(t, withRoutes(network), withSettings(func(s *httpserver.Settings) {
		s.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	}))
	require.Equal(t, "127.0.0.1", h.get("/network").Body)
	for address, want := range map[string]string{
		"203.0.113.9":           "203.0.113.9",
		"::ffff:203.0.113.9":    "203.0.113.9",
		"2001:db8:1:2:3:4:5:6":  "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::":   "2001:db8:1:2::/64",
		"2001:db8:1:3::1":       "2001:db8:1:3::/64",
		"203.0.113.9:4711":      "203.0.113.9",
		"[2001:db8:1:3::1]:443": "2001:db8:1:3::/64",
		"not an address at all": "127.0.0.1",
	} {
		require.Equal(t, want, h.get("/network", "X-Forwarded-For", address).Body, address)
	}
	require.Empty(t, httpserver.ClientNetwork(context.Background()))
}
