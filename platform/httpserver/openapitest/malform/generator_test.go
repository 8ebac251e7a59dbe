package malform_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver/openapitest/malform"
)

const document = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{
	"/api/v1/listings/{id}/bids":{"post":{"operationId":"place-bid","security":[{"session":[]},{"token":["listings.bid"]}],
		"parameters":[{"in":"path","name":"id","required":true,"schema":{"type":"string","format":"uuid"}},
			{"in":"header","name":"Idempotency-Key","schema":{"type":"string"}}],
		"requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["maximum"],"properties":{
			"maximum":{"type":"object","required":["amount","currency"],"properties":{"amount":{"type":"string"},"currency":{"type":"string"}}},
			"count":{"type":"integer"},"tags":{"type":"array","items":{"type":"string"}},"starts_at":{"type":"string","format":"date-time"}}}}}},
		"responses":{"200":{"description":"done"}}}},
	"/api/v1/listings":{"get":{"operationId":"list-listings",
		"parameters":[{"in":"query","name":"limit","schema":{"type":"integer","minimum":1,"maximum":100}}],
		"responses":{"200":{"description":"done"}}}}}}`

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func generator(t *testing.T, seed uint64) *malform.Generator {
	t.Helper()
	d, err := openapi3.NewLoader().LoadFromData([]byte(document))
	require.NoError(t, err)
	return malform.NewGenerator(d, seed, now)
}

func TestValidRequestsAreWhatTheDocumentAllows(t *testing.T) {
	t.Parallel()
	g := generator(t, 1)
	bid := g.Operations()[1]
	require.Equal(t, "place-bid", bid.ID)
	require.Equal(t, "listings.bid", bid.Scope)
	require.Empty(t, g.Operations()[0].Scope)
	for range 50 {
		r := g.Valid(bid, malform.Known{"path.id": "a b", "body.maximum.amount": "7.00", "body.count": malform.Omit}, malform.Field{Name: "Cookie", Value: "gavel=x"})
		require.Empty(t, r.Broken)
		read, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(r.Wire("house"))))
		require.NoError(t, err)
		require.Equal(t, "/api/v1/listings/a b/bids", read.URL.Path)
		require.Equal(t, "gavel=x", read.Header.Get("Cookie"))
		require.Equal(t, "application/json", read.Header.Get("Content-Type"))
		var body map[string]any
		require.NoError(t, json.NewDecoder(read.Body).Decode(&body))
		require.Equal(t, "7.00", body["maximum"].(map[string]any)["amount"])
		require.NotContains(t, body, "count")
	}
}

func TestASeedRepeatsWhatIsBroken(t *testing.T) {
	t.Parallel()
	broken := func(seed uint64) []string {
		g := generator(t, seed)
		var all []string
		for i := range 200 {
			all = append(all, string(g.Broken(g.Operations()[i%2], nil).Wire("house")))
		}
		return all
	}
	require.Equal(t, broken(7), broken(7))
	require.NotEqual(t, broken(7), broken(8))
}

func TestEveryWayOfBreakingIsTaken(t *testing.T) {
	t.Parallel()
	g := generator(t, 3)
	ways := map[string]bool{}
	for i := range 5_000 {
		r := g.Broken(g.Operations()[i%2], nil, malform.Field{Name: "Authorization", Value: "Bearer x"})
		require.NotEmpty(t, r.Broken)
		require.LessOrEqual(t, len(r.Broken), 3)
		for _, way := range r.Broken {
			ways[way] = true
		}
	}
	require.Len(t, ways, malform.Ways)
}

func TestAClientSendsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = io.WriteString(w, r.Method+" "+r.RequestURI+" "+string(body))
	}))
	defer server.Close()
	c := malform.NewClient(strings.TrimPrefix(server.URL, "http://"), time.Minute)
	defer c.Close()
	for range 2 { // on one connection
		answer, body, err := c.Send(malform.Request{Method: "BREW", Target: "/a%2Fb//..?x=%ff", Body: []byte("tea")})
		require.NoError(t, err)
		require.Equal(t, 200, answer.StatusCode)
		require.Equal(t, "BREW /a%2Fb//..?x=%ff tea", string(body))
	}
	answer, _, err := c.Send(malform.Request{
		Method: "POST", Target: "/", Header: []malform.Field{{Name: "Content-Length", Value: "10"}}, Body: []byte("tea"), Cut: true,
	})
	require.NoError(t, err)
	require.Equal(t, 400, answer.StatusCode)
	answer, _, err = c.Send(malform.Request{Method: "GET", Target: "/%zz"})
	require.NoError(t, err)
	require.Equal(t, 400, answer.StatusCode, "net/http refuses it")
}
