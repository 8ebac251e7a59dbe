package httpserver_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zapcore"

	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestFaultsBecomeProblems(t *testing.T) {
	t.Parallel()
	h := serve(t)
	cases := map[string]struct {
		status     int
		code       string
		detail     string
		retryAfter string
		level      zapcore.Level
	}{
		"invalid":         {status: 422, code: "bid_too_low", detail: "Bid at least 12.50 EUR."},
		"unauthenticated": {status: 401, code: "sign_in", detail: "Sign in."},
		"forbidden":       {status: 403, code: "not_yours", detail: "This is not yours."},
		"not_found":       {status: 404, code: "no_listing", detail: "There is no such listing."},
		"conflict":        {status: 409, code: "not_open", detail: "The listing is not open."},
		"precondition":    {status: 412, code: "stale", detail: "Read it again."},
		"limited":         {status: 429, code: "slow_down", detail: "Slow down.", retryAfter: "7"},
		"unavailable":     {status: 503, code: "no_store", detail: "Try again soon.", retryAfter: "1", level: zapcore.WarnLevel},
		"internal":        {status: 500, code: "broken", detail: "We are sorry.", level: zapcore.ErrorLevel},
		"plain":           {status: 500, code: "internal", level: zapcore.ErrorLevel},
		"cursor":          {status: 400, code: "invalid_cursor"},
		"deadline":        {status: 503, code: "timeout", retryAfter: "1", level: zapcore.WarnLevel},
		"canceled":        {status: 500, code: "internal", level: zapcore.ErrorLevel},
	}
	for kind, c := range cases {
		for _, path := range []string{"/api/v1/fail/", "/pages/fail/"} {
			t.Run(kind+" at "+path, func(t *testing.T) {
				t.Parallel()
				a := h.get(path + kind)
				members := problem(t, a, c.status, c.code)
				if c.detail != "" {
					require.Equal(t, c.detail, members["detail"])
				}
				require.Equal(t, c.retryAfter, a.Header.Get("Retry-After"))
				require.NotContains(t, a.Body, "hunter2", "an error's text is not for strangers")
				require.Equal(t, c.status == 401, a.Header.Get("WWW-Authenticate") == "Bearer")

				line := h.access(a)
				require.Equal(t, c.level, line.Level)
				if logged, ok := line.ContextMap()["error"]; c.status >= 500 {
					require.Equal(t, failures[kind].Error(), logged)
				} else {
					require.False(t, ok, "a refusal is no error of ours: %v", logged)
				}
			})
		}
	}
}

func TestProblemCarriesTheRulesFields(t *testing.T) {
	t.Parallel()
	h := serve(t)
	members := problem(t, h.get("/api/v1/fail/invalid"), 422, "bid_too_low")
	require.Equal(t, "12.50", members["minimum"])
	require.Equal(t, "Bid too low", members["title"])
	require.EqualValues(t, 422, members["status"], "a rule's field never replaces a standard member")
}

func TestRoutingProblems(t *testing.T) {
	t.Parallel()
	h := serve(t)

	t.Run("an unknown address", func(t *testing.T) {
		t.Parallel()
		problem(t, h.get("/no/such/thing"), 404, "route_not_found")
	})
	t.Run("an unknown method", func(t *testing.T) {
		t.Parallel()
		a := h.do(http.MethodDelete, "/api/v1/bids", "")
		problem(t, a, 405, "method_not_allowed")
		require.Equal(t, "GET, HEAD, POST", a.Header.Get("Allow"))
	})
	t.Run("a method that HTTP does not know", func(t *testing.T) {
		t.Parallel()
		problem(t, h.do("BREW", "/api/v1/bids", ""), 405, "method_not_allowed")
	})
	t.Run("HEAD is answered where GET is", func(t *testing.T) {
		t.Parallel()
		a := h.do(http.MethodHead, "/api/v1/bids", "")
		require.Equal(t, 200, a.Status)
		require.Empty(t, a.Body)
	})
	t.Run("the first status counts and informational ones pass", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, http.StatusTeapot, h.get("/pages/hints").Status)
	})
}

func TestRequestProblems(t *testing.T) {
	t.Parallel()
	h := serve(t)
	post := func(body string, headers ...string) answer {
		return h.do(http.MethodPost, "/api/v1/bids", body, headers...)
	}
	locations := func(members map[string]any) []string {
		var names []string
		for _, e := range members["errors"].([]any) {
			require.NotContains(t, e.(map[string]any), "value", "a refused value may be a password")
			names = append(names, fmt.Sprint(e.(map[string]any)["location"]))
		}
		return names
	}

	t.Run("every invalid field at once", func(t *testing.T) {
		t.Parallel()
		members := problem(t, post(`{"id":"a","amount":0,"note":"longer than ten"}`), 422, "invalid_request")
		require.ElementsMatch(t, []string{"body.amount", "body.note"}, locations(members))
	})
	t.Run("a missing field", func(t *testing.T) {
		t.Parallel()
		members := problem(t, post(`{"id":"a"}`), 422, "invalid_request")
		require.Equal(t, []string{"body"}, locations(members))
	})
	t.Run("null in place of a value", func(t *testing.T) {
		t.Parallel()
		problem(t, post(`{"id":"a","amount":null}`), 422, "invalid_request")
	})
	malformed := map[string]string{
		"no JSON":              `{"id":`,
		"a key twice":          `{"id":"a","amount":1,"amount":2}`,
		"a key twice, nested":  `{"id":"a","amount":1,"note":[{"x":1,"x":1}]}`,
		"invalid UTF-8":        "{\"id\":\"\xff\",\"amount\":1}",
		"more than one value":  `{"id":"a","amount":1} {}`,
		"absurdly deep values": strings.Repeat("[", 20_000),
	}
	for name, body := range malformed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			members := problem(t, post(body), 400, "malformed_request")
			require.Equal(t, []string{"body"}, locations(members))
		})
	}
	t.Run("no body", func(t *testing.T) {
		t.Parallel()
		problem(t, post(""), 400, "bad_request")
	})
	for _, mediaType := range []string{
		"", ";", "application/xml", "application/vnd.api+json", "application/problem+json", "x+application/json", "text/json", "application/json;;", "application/jsonl",
	} {
		t.Run("another media type: "+mediaType, func(t *testing.T) {
			t.Parallel()
			problem(t, post(`{"id":"a","amount":1}`, "Content-Type", mediaType), 415, "invalid_request")
		})
	}
	for _, mediaType := range []string{"application/json", "Application/JSON", "application/json; charset=utf-8"} {
		t.Run("JSON: "+mediaType, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, 200, post(`{"id":"a","amount":1}`, "Content-Type", mediaType).Status)
		})
	}
	for _, accept := range []string{"", "text/html", "json", "application/problem+json", "application/json;q=0", "a/b;c", "a/b;c,x", "a/b;,x", ";", ",;"} {
		t.Run("JSON whatever is accepted: "+accept, func(t *testing.T) {
			t.Parallel()
			a := h.get("/api/v1/bids", "Accept", accept)
			require.Equal(t, 200, a.Status, a.Body)
			require.Equal(t, "application/json", a.Header.Get("Content-Type"))
			problem(t, h.get("/api/v1/bids?limit=0", "Accept", accept), 422, "invalid_request")
		})
	}
	for name, body := range map[string]string{
		"a key in another case":             `{"id":"a","AMOUNT":1}`,
		"a key in another case beside it":   `{"id":"a","amount":1,"Amount":2}`,
		"a key that only folds to the same": `{"id":"a","amount":1,"ſeller":"b"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problem(t, post(body), 422, "invalid_request")
		})
	}
	t.Run("an invalid query parameter", func(t *testing.T) {
		t.Parallel()
		members := problem(t, h.get("/api/v1/bids?limit=101"), 422, "invalid_request")
		require.Equal(t, []string{"query.limit"}, locations(members))
	})
	t.Run("a misspelt query parameter", func(t *testing.T) {
		t.Parallel()
		members := problem(t, h.get("/api/v1/bids?sellr=x"), 422, "invalid_request")
		require.Equal(t, []string{"query.sellr"}, locations(members))
	})
	t.Run("a query parameter twice, of which only one could count", func(t *testing.T) {
		t.Parallel()
		members := problem(t, h.get("/api/v1/bids?limit=&seller=a&limit=x&seller=a"), 422, "invalid_request")
		require.ElementsMatch(t, []string{"query.limit", "query.seller"}, locations(members))
	})
	t.Run("a list in the query of which one is empty", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, 200, h.get("/api/v1/bids?kind=a&kind=b").Status)
		require.Equal(t, 200, h.get("/api/v1/bids?kind=").Status)
		for _, query := range []string{"kind=&kind=b", "kind=a&kind="} {
			members := problem(t, h.get("/api/v1/bids?"+query), 422, "invalid_request")
			require.Equal(t, []string{"query.kind"}, locations(members))
		}
	})
	t.Run("a cursor of another list", func(t *testing.T) {
		t.Parallel()
		problem(t, h.get("/api/v1/bids?cursor=abc"), 400, "invalid_cursor")
	})
	t.Run("an error made with huma", func(t *testing.T) {
		t.Parallel()
		members := problem(t, h.get("/api/v1/huma-error"), 404, "not_found")
		require.Equal(t, "No such thing.", members["detail"])
	})
}

func TestPanics(t *testing.T) {
	t.Parallel()
	h := serve(t)

	for _, path := range []string{"/api/v1/fail/panic", "/pages/panic", "/api/v1/unwritable"} {
		t.Run("before the answer has begun become problems: "+path, func(t *testing.T) {
			t.Parallel()
			a := h.get(path)
			problem(t, a, 500, "internal")
			require.NotContains(t, a.Body, "hunter2")
			require.Empty(t, a.Header.Get("Set-Cookie"), "nothing of the failed answer remains")
			require.Empty(t, a.Header.Get("X-Secret"))
			require.NotEmpty(t, a.Header.Get("Content-Security-Policy"), "what is on every answer stays")

			line := h.access(a)
			require.Equal(t, zapcore.ErrorLevel, line.Level)
			require.Contains(t, line.ContextMap()["error"], "hunter2")
			require.Contains(t, line.ContextMap()["stack"], "gopanic")
		})
	}
	for _, path := range []string{"/pages/panic-late", "/pages/abort"} {
		t.Run("after that break the connection: "+path, func(t *testing.T) {
			t.Parallel()
			own := serve(t)
			connection, err := net.Dial("tcp", own.server.Addr())
			require.NoError(t, err)
			defer func() { require.NoError(t, connection.Close()) }()
			_, err = fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path)
			require.NoError(t, err)
			response, err := http.ReadResponse(bufio.NewReader(connection), nil)
			if err == nil {
				_, err = io.ReadAll(response.Body)
				_ = response.Body.Close() // repeats the error
			}
			require.True(t, errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF), "%v", err)
		})
	}
}

func TestClientThatLeavesIsNoError(t *testing.T) {
	t.Parallel()
	entered := make(chan struct{})
	h := serve(t, withRoutes(slow("slow", func(r *http.Request) error {
		close(entered)
		<-r.Context().Done()
		return fmt.Errorf("query: %w", r.Context().Err())
	})))
	connection, err := net.Dial("tcp", h.server.Addr())
	require.NoError(t, err)
	_, err = fmt.Fprint(connection, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	<-entered
	require.NoError(t, connection.Close())

	line := h.eventually("/slow")
	require.Equal(t, zapcore.InfoLevel, line.Level)
	require.EqualValues(t, 499, line.ContextMap()["status"])
	require.NotContains(t, line.ContextMap(), "error")
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*httpserver.Parts){
		"two modules of one name":   withRoutes(market()),
		"routes without a name":     withRoutes(httpserver.Routes{}),
		"two checks of one name":    func(p *httpserver.Parts) { p.Checks = []httpserver.Check{{Name: "db"}, {Name: "db"}} },
		"a check without a name":    func(p *httpserver.Parts) { p.Checks = []httpserver.Check{{}} },
		"routes without a function": withRoutes(httpserver.Routes{Name: "empty"}),
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _, _ := parts(t)
			change(&p)
			_, err := httpserver.New(p)
			require.Error(t, err)
		})
	}
}
