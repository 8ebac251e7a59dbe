package httpserver_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/httpserver"
)

func TestOperationsAreGuarded(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()))
	guest, invalid := []string(nil), []string{"Cookie", "gavel=eve"}
	member, admin := []string{"Cookie", "gavel=ada"}, []string{"Cookie", "gavel=bob"}
	memberToken, adminToken := []string{"Authorization", "Bearer ada"}, []string{"Authorization", "Bearer bob"}
	cases := map[string]struct {
		method, path, body string
		caller             []string
		status             int
		code               string
	}{
		"a guest where anybody may":              {"GET", "/api/v1/whoami", "", guest, 200, ""},
		"a guest where guests may":               {"GET", "/api/v1/door", "", guest, 200, ""},
		"a guest where members may":              {"POST", "/api/v1/door/knocks", `{"times":1}`, guest, 401, "sign_in_required"},
		"who was signed in where members may":    {"POST", "/api/v1/door/knocks", `{"times":1}`, invalid, 401, "sign_in_required"},
		"a member where members may":             {"POST", "/api/v1/door/knocks", `{"times":1}`, member, 200, ""},
		"a member's token where members may":     {"POST", "/api/v1/door/knocks", `{"times":1}`, memberToken, 200, ""},
		"a guest where admins may":               {"DELETE", "/api/v1/door", "", guest, 401, "sign_in_required"},
		"a member where admins may":              {"DELETE", "/api/v1/door", "", member, 403, "not_permitted"},
		"a member's token beyond its member":     {"DELETE", "/api/v1/door", "", memberToken, 403, "not_permitted"},
		"an admin where admins may":              {"DELETE", "/api/v1/door", "", admin, 200, ""},
		"an admin's token where it has no scope": {"DELETE", "/api/v1/door", "", adminToken, 403, "missing_scope"},
		"a guest with what cannot be read":       {"POST", "/api/v1/door/knocks", `{"times":`, guest, 401, "sign_in_required"},
		"a member with what cannot be read":      {"POST", "/api/v1/door/knocks", `{"times":`, member, 400, "malformed_request"},
		"a guest with a misspelt filter":         {"DELETE", "/api/v1/door?x=1", "", guest, 401, "sign_in_required"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := h.do(c.method, c.path, c.body, c.caller...)
			if c.code == "" {
				require.Equal(t, c.status, a.Status, a.Body)
				return
			}
			members := problem(t, a, c.status, c.code)
			if c.code == "missing_scope" {
				require.Equal(t, "door.open", members["scope"])
			}
		})
	}
	t.Run("HEAD is guarded as GET is", func(t *testing.T) {
		t.Parallel()
		guarded := serve(t, withRoutes(guardedGet()))
		require.Equal(t, 401, guarded.get("/secret").Status)
		require.Equal(t, 401, guarded.do(http.MethodHead, "/secret", "").Status)
	})
}

func guardedGet() httpserver.Routes {
	return httpserver.Routes{Name: "secret", Register: func(api huma.API, _ chi.Router) {
		huma.Register(api, httpserver.Guarded(huma.Operation{OperationID: "secret", Method: http.MethodGet, Path: "/secret"}, mayKnock),
			func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	}}
}

// A refused request costs nothing: the answer comes while the body is still missing.
func TestTheGuardReadsNoBody(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()))
	connection, err := net.Dial("tcp", h.server.Addr())
	require.NoError(t, err)
	defer func() { require.NoError(t, connection.Close()) }()
	_, err = fmt.Fprint(connection, "POST /api/v1/door/knocks HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n")
	require.NoError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 401, response.StatusCode, "not 100: nobody asked for the body")
}

func TestOperationsMustSayWhoMayCallThem(t *testing.T) {
	t.Parallel()
	silent := func(id string) httpserver.Routes {
		return httpserver.Routes{Name: id, Register: func(api huma.API, _ chi.Router) {
			huma.Register(api, huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/" + id},
				func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
		}}
	}
	p, _, _ := parts(t)
	p.Routes = append(p.Routes, silent("first"), silent("second"))
	_, err := httpserver.New(p)
	require.ErrorContains(t, err, "operation first (GET /first) is declared neither Public nor Guarded")
	require.ErrorContains(t, err, "operation second (GET /second)", "all at once")
}

func TestWhatIsDeclaredLastCounts(t *testing.T) {
	t.Parallel()
	op := huma.Operation{OperationID: "twice", Method: http.MethodGet, Path: "/twice", Metadata: map[string]any{"note": "kept"}}
	twice := httpserver.Guarded(httpserver.Public(op), mayKnock)
	require.Equal(t, "kept", twice.Metadata["note"])
	require.Len(t, op.Metadata, 1, "the operation that was given is unchanged")
	h := serve(t, withRoutes(httpserver.Routes{Name: "twice", Register: func(api huma.API, _ chi.Router) {
		huma.Register(api, twice, func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	}}))
	require.Equal(t, 401, h.get("/twice").Status)
}

func TestTheServerTellsItsOperationsAndRoutes(t *testing.T) {
	t.Parallel()
	h := serve(t, withRoutes(door()))
	needs := map[string]string{}
	for _, op := range h.server.Operations() {
		needs[op.ID+" "+op.Method+" "+op.Path] = "nothing"
		if op.Permission != nil {
			needs[op.ID+" "+op.Method+" "+op.Path] = op.Permission.Name()
		}
	}
	require.Len(t, needs, 11)
	require.Equal(t, "nothing", needs["place-bid POST /api/v1/bids"])
	require.Equal(t, "door.open", needs["open DELETE /api/v1/door"])

	routes := h.server.Routes()
	for _, route := range []httpserver.Route{
		{Method: "POST", Pattern: "/api/v1/bids"},
		{Method: "GET", Pattern: "/api/v1/bids/{id}"},
		{Method: "DELETE", Pattern: "/api/v1/door"},
		{Method: "POST", Pattern: "/pages/echo"},
		{Method: "GET", Pattern: "/healthz"},
		{Method: "GET", Pattern: "/api/openapi.json"},
	} {
		require.Contains(t, routes, route)
	}
	for _, op := range h.server.Operations() {
		require.Contains(t, routes, httpserver.Route{Method: op.Method, Pattern: op.Path})
	}
}

func TestTheDocumentTellsWhoMayCall(t *testing.T) {
	t.Parallel()
	h := serve(t, withPorter(newPorter()))
	text := h.get("/api/openapi.json").Body
	document, err := openapi3.NewLoader().LoadFromData([]byte(text))
	require.NoError(t, err)
	require.NoError(t, document.Validate(t.Context()))

	schemes := document.Components.SecuritySchemes
	require.Equal(t, "cookie", schemes["session"].Value.In)
	require.Equal(t, "gavel", schemes["session"].Value.Name)
	require.Equal(t, "bearer", schemes["token"].Value.Scheme)

	knock := document.Paths.Find("/api/v1/door/knocks").Post
	require.Equal(t, openapi3.SecurityRequirements{{"session": {}}, {"token": {"door.knock"}}}, *knock.Security)
	require.Equal(t, "Knocks. Needs the permission door.knock, which allows to knock at the door.", knock.Description)
	require.Equal(t, openapi3.SecurityRequirements{{"session": {}}, {"token": {"door.look"}}, {}}, *document.Paths.Find("/api/v1/door").Get.Security)
	require.Nil(t, document.Paths.Find("/api/v1/whoami").Get.Security)
	require.Contains(t, h.get("/api/docs").Body, "Needs the permission door.knock")

	statuses := func(op *openapi3.Operation) []int {
		var listed []int
		for status := 100; status < 600; status++ {
			if op.Responses.Status(status) != nil {
				listed = append(listed, status)
			}
		}
		return listed
	}
	require.Equal(t, []int{200, 400, 401, 403, 408, 409, 413, 415, 422, 429, 500, 503}, statuses(knock))
	require.Equal(t, []int{200, 400, 401, 403, 422, 429, 500, 503}, statuses(document.Paths.Find("/api/v1/door").Delete))
	require.Equal(t, []int{200, 400, 401, 422, 429, 500, 503}, statuses(document.Paths.Find("/api/v1/whoami").Get))
	require.Equal(t, []int{204, 400, 401, 403, 422, 429, 500, 503}, statuses(document.Paths.Find("/api/v1/sessions").Post), "other sites' pages are refused")

	router, err := gorillamux.NewRouter(document)
	require.NoError(t, err)
	for _, a := range []answer{
		h.do("POST", "/api/v1/door/knocks", `{"times":1}`),
		h.do("POST", "/api/v1/door/knocks", `{"times":0}`, "Cookie", "gavel=ada"),
		h.do("POST", "/api/v1/door/knocks", `{"times":1}`, "Cookie", "gavel=ada"),
		h.do("POST", "/api/v1/door/knocks", `{"times":1}`, "Sec-Fetch-Site", "cross-site"),
	} {
		conforms(t, router, "POST", "/api/v1/door/knocks", a)
	}
}
