package httpserver_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestOpenAPIDocument(t *testing.T) {
	t.Parallel()
	h := serve(t)
	a := h.get("/api/openapi.json")
	require.Equal(t, 200, a.Status)
	require.Equal(t, "application/json", a.Header.Get("Content-Type"))
	document, err := openapi3.NewLoader().LoadFromData([]byte(a.Body))
	require.NoError(t, err)
	require.NoError(t, document.Validate(t.Context()))
	require.True(t, strings.HasPrefix(document.OpenAPI, "3.1"))
	require.Equal(t, "The Hammer", document.Info.Title)
	require.NotNil(t, document.Paths.Find("/api/v1/bids").Post)
	require.Nil(t, document.Paths.Find("/api/openapi.json"))
	require.Contains(t, document.Components.Schemas["Problem"].Value.Required, "code")

	t.Run("is not sent again to those who have it", func(t *testing.T) {
		t.Parallel()
		again := h.get("/api/openapi.json", "If-None-Match", a.Header.Get("ETag"))
		require.Equal(t, http.StatusNotModified, again.Status)
		require.Empty(t, again.Body)
	})
	t.Run("describes what the server answers", func(t *testing.T) {
		t.Parallel()
		router, err := gorillamux.NewRouter(document)
		require.NoError(t, err)
		traffic := []struct{ method, path, body string }{
			{http.MethodGet, "/api/v1/bids?limit=2", ""},
			{http.MethodGet, "/api/v1/bids/b1", ""},
			{http.MethodPost, "/api/v1/bids", `{"id":"a","amount":1}`},
			{http.MethodPost, "/api/v1/bids", `{"id":"a","amount":0}`},
			{http.MethodGet, "/api/v1/fail/invalid", ""},
			{http.MethodGet, "/api/v1/fail/plain", ""},
		}
		for _, c := range traffic {
			conforms(t, router, c.method, c.path, h.do(c.method, c.path, c.body, "Content-Type", "application/json"))
		}
	})
}

// conforms checks an answer against the operation that the document has for it.
func conforms(t *testing.T, router routers.Router, method, path string, a answer) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, path, nil)
	require.NoError(t, err)
	route, params, err := router.FindRoute(request)
	require.NoError(t, err)
	require.NoError(t, openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route},
		Status:                 a.Status,
		Header:                 a.Header,
		Body:                   io.NopCloser(strings.NewReader(a.Body)),
	}), "%s %s", method, path)
}

// A browser loads something for a page when an attribute or a style names it; this page names only places in itself
// and the OpenAPI document.
func TestDocsPageNeedsNothingElse(t *testing.T) {
	t.Parallel()
	h := serve(t)
	a := h.get("/api/docs")
	require.Equal(t, 200, a.Status)
	require.Equal(t, "text/html; charset=utf-8", a.Header.Get("Content-Type"))

	for _, reference := range regexp.MustCompile(`(?i)\b(?:href|src|srcset|action|data|poster)\s*=\s*"([^"]*)"`).FindAllStringSubmatch(a.Body, -1) {
		target, err := url.Parse(reference[1])
		require.NoError(t, err)
		require.Empty(t, target.Host, reference[0])
		require.True(t, target.Path == "" || target.Path == "/api/openapi.json", reference[0])
	}
	for _, loads := range []string{"<script", "<link", "<img", "<iframe", "@import", "url(", "http://", "https://"} {
		require.NotContains(t, strings.ToLower(a.Body), loads)
	}
	policy := a.Header.Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'none'")
	require.NotContains(t, policy, "unsafe")
	require.NotContains(t, policy, "*")
	require.NotContains(t, policy, "http")

	for _, shown := range []string{
		"/api/v1/bids/{id}", "Place a bid", "limit", "At most 100.", "Default 20.", "In cents.", `href="#type-Bid"`, `id="type-Problem"`, "v1.2.3",
	} {
		require.Contains(t, a.Body, shown)
	}
	require.Equal(t, http.StatusNotModified, h.get("/api/docs", "If-None-Match", a.Header.Get("ETag")).Status)
}

func TestConditionalGet(t *testing.T) {
	t.Parallel()
	h := serve(t)
	first := h.get("/api/v1/bids/b1")
	tag := first.Header.Get("ETag")
	require.Equal(t, 200, first.Status)
	require.Regexp(t, `^"[A-Za-z0-9_-]+"$`, tag)
	require.NotEqual(t, tag, h.get("/api/v1/bids/b2").Header.Get("ETag"))

	cases := map[string]struct {
		header string
		status int
	}{
		"the same tag":     {tag, 304},
		"weakened":         {"W/" + tag, 304},
		"one of several":   {`"other", ` + tag, 304},
		"any":              {"*", 304},
		"another tag":      {`"other"`, 200},
		"without quotes":   {strings.Trim(tag, `"`), 200},
		"nothing readable": {`,,`, 200},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := h.get("/api/v1/bids/b1", "If-None-Match", c.header)
			require.Equal(t, c.status, a.Status)
			require.Equal(t, tag, a.Header.Get("ETag"))
			require.Equal(t, "private, no-cache", a.Header.Get("Cache-Control"))
			require.Equal(t, c.status == 304, a.Body == "")
		})
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	h := serve(t)

	t.Run("are read page by page", func(t *testing.T) {
		t.Parallel()
		var ids []string
		path := "/api/v1/bids?limit=2"
		for pages := 0; path != ""; pages++ {
			require.Less(t, pages, 4)
			body := object(t, h.get(path).Body)
			for _, item := range body["items"].([]any) {
				ids = append(ids, item.(map[string]any)["id"].(string))
			}
			path = ""
			if next, more := body["next_cursor"]; more {
				path = "/api/v1/bids?limit=2&cursor=" + next.(string)
			}
		}
		require.Equal(t, []string{"1", "2", "3", "4", "5"}, ids)
	})
	t.Run("show 20 items by default and an empty list as one", func(t *testing.T) {
		t.Parallel()
		require.Len(t, object(t, h.get("/api/v1/bids").Body)["items"], 5)
		cursor := object(t, h.get("/api/v1/bids?limit=4").Body)["next_cursor"].(string)
		require.Contains(t, h.get("/api/v1/bids?limit=1&cursor="+cursor).Body, `"items":[{`)
	})
}

func TestTypesCarryTheirModulesName(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ name, origin, want string }{
		"a module's type":         {"Summary", "example.org/x/modules/listings/internal/rest Summary", "ListingsSummary"},
		"one that has it already": {"ListingsSummary", "example.org/x/modules/listings/internal/rest ListingsSummary", "ListingsSummary"},
		"a list of a module's":    {"ListSummary", "example.org/x/platform/httpserver List[example.org/x/modules/issues/internal/rest.Summary]", "IssuesListSummary"},
		"the platform's own":      {"Problem", "example.org/x/platform/httpserver Problem", "Problem"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, httpserver.InModule(c.name, c.origin))
		})
	}
}
