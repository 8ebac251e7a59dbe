package httpserver_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAddressesAndBodiesAreText(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for _, path := range []string{
		"/api/v1/bids/%00", "/api/v1/bids/%ff", "/api/v1/bids/a%C3", "/api/v1/bids?seller=%00", "/api/v1/bids?seller=%ff",
		"/api/v1/bids?%00=a", "/api/v1/bids?seller=%zz", "/api/v1/bids?seller=a;b", "/pages/fail/%00", "/nowhere/%00",
	} {
		problem(t, h.get(path), 400, "malformed_request")
	}
	for _, path := range []string{"/api/v1/bids/%E2%82%AC", "/api/v1/bids/%01", "/api/v1/bids?seller=%E2%82%AC+%2B"} {
		require.Equal(t, 200, h.get(path).Status, path)
	}
	for _, body := range []string{`{"id":"\u0000","amount":1}`, `{"id":"a","amount":1,"\u0000":2}`, `{"id":"a","amount":1,"note":{"deep":["\u0000"]}}`} {
		members := problem(t, h.do(http.MethodPost, "/api/v1/bids", body), 400, "malformed_request")
		require.Len(t, members["errors"], 1)
	}
	require.Equal(t, 200, h.do(http.MethodPost, "/api/v1/bids", `{"id":"\u0001\u20ac","amount":1}`).Status)
}
