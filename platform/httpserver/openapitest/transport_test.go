package openapitest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver/openapitest"
)

const document = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/api/v1/bids":{"post":{
	"operationId":"place-bid","parameters":[{"in":"query","name":"wait","schema":{"type":"integer"}}],
	"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","required":["amount"],"additionalProperties":false,
		"properties":{"amount":{"type":"string"},"note":{"type":"string"}}}}}},
	"responses":{
		"200":{"description":"done","content":{"application/json":{"schema":{"type":"object","required":["seq"],"properties":{"seq":{"type":"integer"}}}}}},
		"422":{"description":"no","content":{"application/problem+json":{"schema":{"type":"object","required":["code"],"properties":{"code":{"type":"string"}}}}}}}}}}}`

func TestExchangesAreHeldToTheDocument(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		path, body        string
		status            int
		mediaType, answer string
		wrong             string // part of the report; empty for none
		beside            bool
	}{
		"as documented":                   {body: `{"amount":"1"}`, status: 200, mediaType: "application/json", answer: `{"seq":1}`},
		"a documented refusal":            {body: `{}`, status: 422, mediaType: "application/problem+json", answer: `{"code":"x"}`},
		"null for what is needed":         {body: `{"amount":null}`, status: 200, mediaType: "application/json", answer: `{"seq":1}`, wrong: "does not allow"},
		"null for what is optional":       {body: `{"amount":"1","note":null}`, status: 200, mediaType: "application/json", answer: `{"seq":1}`},
		"an empty parameter":              {path: "/api/v1/bids?wait=", body: `{"amount":"1"}`, status: 200, mediaType: "application/json", answer: `{"seq":1}`},
		"an invalid parameter":            {path: "/api/v1/bids?wait=x", body: `{"amount":"1"}`, status: 200, mediaType: "application/json", answer: `{"seq":1}`, wrong: "does not allow"},
		"an invalid request accepted":     {body: `{"amuont":"1"}`, status: 200, mediaType: "application/json", answer: `{"seq":1}`, wrong: "does not allow"},
		"an answer without a field":       {body: `{"amount":"1"}`, status: 200, mediaType: "application/json", answer: `{}`, wrong: "seq"},
		"an undocumented status":          {body: `{"amount":"1"}`, status: 201, mediaType: "application/json", answer: `{"seq":1}`, wrong: "status is not supported"},
		"an undocumented media type":      {body: `{"amount":"1"}`, status: 200, mediaType: "text/html", answer: `<p>`, wrong: "text/html"},
		"a failure":                       {body: `{"amount":"1"}`, status: 500, mediaType: "application/problem+json", answer: `{"code":"internal"}`, wrong: "failed"},
		"an undocumented address":         {path: "/api/v1/secrets", status: 200, mediaType: "application/json", answer: `{}`, wrong: "does not know", beside: true},
		"an undocumented address refused": {path: "/api/v1/secrets", status: 404, mediaType: "application/problem+json", answer: `{}`, beside: true},
		"a page beside the API":           {path: "/about", status: 200, mediaType: "text/html", answer: `<p>`, beside: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/api/openapi.json" {
					_, _ = io.WriteString(w, document)
					return
				}
				w.Header().Set("Content-Type", c.mediaType)
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.answer)
			}))
			defer server.Close()
			var reported []string
			x := openapitest.NewTransport(func(err error) { reported = append(reported, err.Error()) }, server.URL, server.Client().Transport)
			path := c.path
			if path == "" {
				path = "/api/v1/bids"
			}
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+path, strings.NewReader(c.body))
			require.NoError(t, err)
			request.Header.Set("Content-Type", "application/json")
			response, err := (&http.Client{Transport: x}).Do(request)
			require.NoError(t, err)
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			require.Equal(t, c.answer, string(body), "the client reads what was answered")
			if c.wrong == "" {
				require.Empty(t, reported)
			} else {
				require.Len(t, reported, 1)
				require.Contains(t, reported[0], c.wrong)
			}
			if c.beside {
				require.Empty(t, x.Checked())
			} else {
				require.Equal(t, map[string]int{"place-bid": 1}, x.Checked())
			}
		})
	}
}

func TestUnvisitedNamesWhatNobodyHasSeen(t *testing.T) {
	t.Parallel()
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/openapi.json" {
			_, _ = io.WriteString(w, document)
			return
		}
		w.Header().Set("Content-Type", map[int]string{200: "application/json", 422: "application/problem+json"}[status])
		w.WriteHeader(status)
		_, _ = io.WriteString(w, map[int]string{200: `{"seq":1}`, 422: `{"code":"x"}`}[status])
	}))
	defer server.Close()
	x := openapitest.NewTransport(func(err error) { t.Error(err) }, server.URL, server.Client().Transport)
	unvisited := func() []string {
		missing, err := x.Unvisited()
		require.NoError(t, err)
		return missing
	}
	bid := func() {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/v1/bids", strings.NewReader(`{"amount":"1"}`))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		response, err := (&http.Client{Transport: x}).Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
	}
	require.Equal(t, []string{"place-bid never succeeded", "place-bid was never refused"}, unvisited())
	bid()
	require.Equal(t, []string{"place-bid was never refused"}, unvisited())
	status = http.StatusUnprocessableEntity
	bid()
	require.Empty(t, unvisited())
}
