package httpserver_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestIdempotencyKeysAreChecked(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()))
	cases := map[string]struct {
		key    string
		status int
	}{
		"none":                        {"", 200},
		"as long as it may be":        {strings.Repeat("k", 255), 200},
		"longer":                      {strings.Repeat("k", 256), 422},
		"with spaces and punctuation": {"bid 7/3 ~", 200},
		"with other letters":          {"clé", 422},
		"with bytes that are no text": {"\xff\xfe", 422},
		"with a tab inside":           {"a\tb", 422},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := h.do(http.MethodPost, "/api/v1/door/knocks", `{"times":1}`, "Cookie", "gavel=ada", "Idempotency-Key", c.key)
			if c.status == 200 {
				require.Equal(t, 200, a.Status, a.Body)
				return
			}
			members := problem(t, a, c.status, "invalid_request")
			require.Equal(t, "header.Idempotency-Key", members["errors"].([]any)[0].(map[string]any)["location"])
		})
	}
}

type renameInput struct {
	httpserver.Edit
	Body struct {
		Name string `json:"name"`
	}
}

type named struct {
	Name string `json:"name"`
}

// nameplate is a module with one resource that can be read, made and edited.
func nameplate() httpserver.Routes {
	current := named{Name: "Ada"}
	return httpserver.Routes{Name: "nameplate", Register: func(api huma.API, _ chi.Router) {
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "read-name", Method: http.MethodGet, Path: "/name"}),
			func(_ context.Context, in *struct{ httpserver.Conditional }) (*httpserver.Cached[named], error) {
				return httpserver.Respond(in.Conditional, current)
			})
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "rename", Method: http.MethodPut, Path: "/name"}),
			func(_ context.Context, in *renameInput) (*httpserver.Edited[named], error) {
				if err := in.Check(current); err != nil {
					return nil, err
				}
				current = named{Name: in.Body.Name}
				return httpserver.RespondEdited(current)
			})
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "create-name", Method: http.MethodPost, Path: "/names", DefaultStatus: http.StatusCreated}),
			func(context.Context, *struct{}) (*httpserver.Created[named], error) {
				return httpserver.RespondCreated("/name", current)
			})
	}}
}

func TestEditsKeepToTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	old := serve(t, withRoutes(nameplate())).get("/name").Header.Get("ETag")
	cases := map[string]struct {
		ifMatch string
		edited  bool
	}{
		"no condition":      {"", true},
		"the same tag":      {old, true},
		"one of several":    {`"other", ` + old, true},
		"any version":       {"*", true},
		"weakened":          {"W/" + old, false},
		"another tag":       {`"other"`, false},
		"without quotes":    {strings.Trim(old, `"`), false},
		"nothing readable":  {",,", false},
		"weakened, several": {`W/` + old + `, "other"`, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := serve(t, withRoutes(nameplate()))
			a := h.do(http.MethodPut, "/name", `{"name":"Bob"}`, "If-Match", c.ifMatch)
			now := h.get("/name")
			if !c.edited {
				problem(t, a, 412, "version_mismatch")
				require.Equal(t, old, now.Header.Get("ETag"), "nothing is changed")
				return
			}
			require.Equal(t, 200, a.Status, a.Body)
			require.NotEqual(t, old, a.Header.Get("ETag"))
			require.Equal(t, now.Header.Get("ETag"), a.Header.Get("ETag"), "the edit answers with the tag for the next one")
			require.Equal(t, 412, h.do(http.MethodPut, "/name", `{"name":"Eve"}`, "If-Match", old).Status, "the old tag is spent")
		})
	}
}

func TestCreationsSayWhereAndWhich(t *testing.T) {
	t.Parallel()
	h := serve(t, withRoutes(nameplate()))
	a := h.do(http.MethodPost, "/names", "")
	require.Equal(t, 201, a.Status)
	require.Equal(t, "/name", a.Header.Get("Location"))
	require.Equal(t, h.get("/name").Header.Get("ETag"), a.Header.Get("ETag"))
	head := h.do(http.MethodHead, "/name", "")
	require.Equal(t, a.Header.Get("ETag"), head.Header.Get("ETag"), "HEAD tells what GET would")
	require.Empty(t, head.Body)
}
