package httpserver_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

var (
	mayKnock = identity.NewPermission("door.knock", "knock at the door", identity.Member, identity.Admin)
	mayOpen  = identity.NewPermission("door.open", "open the door", identity.Admin)
	mayLook  = identity.NewPermission("door.look", "look at the door", identity.Guest, identity.Member)

	ada = uuid.MustParse("0198c0de-0000-7000-8000-00000000ada0")
	bob = uuid.MustParse("0198c0de-0000-7000-8000-000000000b0b")
)

// porter is an identity.Authenticator that knows those that it was told about, and counts how often it is asked.
type porter struct {
	mu     sync.Mutex
	known  map[identity.Credential]identity.Caller
	asked  int
	broken error
}

// newPorter knows Ada, a member, and Bob, an admin, each with a session and a token of their name; Bob's token was made
// for knocking only.
func newPorter() *porter {
	member, admin := []identity.Role{identity.Member}, []identity.Role{identity.Member, identity.Admin}
	return &porter{known: map[identity.Credential]identity.Caller{
		{Secret: "ada"}:              {ID: ada, Roles: member},
		{Secret: "ada", Token: true}: {ID: ada, Roles: member, Token: true, Scopes: []string{mayKnock.Name(), mayOpen.Name()}},
		{Secret: "bob"}:              {ID: bob, Roles: admin},
		{Secret: "bob", Token: true}: {ID: bob, Roles: admin, Token: true, Scopes: []string{mayKnock.Name()}},
	}}
}

func (p *porter) Authenticate(_ context.Context, shown identity.Credential) (identity.Caller, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.broken != nil {
		return identity.Caller{}, p.broken
	}
	caller, ok := p.known[shown]
	if !ok {
		return identity.Caller{}, fmt.Errorf("look up: %w", identity.ErrInvalidCredential)
	}
	return caller, nil
}

func (p *porter) timesAsked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

func withPorter(p *porter) func(*httpserver.Parts) {
	return func(parts *httpserver.Parts) { parts.Authenticator, parts.Routes = p, append(parts.Routes, door()) }
}

type callerOutput struct {
	Body struct {
		ID    uuid.UUID `json:"id"`
		Agent string    `json:"agent"`
	}
}

type knockInput struct {
	httpserver.Repeatable
	Body struct {
		Times int `json:"times" minimum:"1"`
	}
}

type signInInput struct {
	Name string `query:"name"`
}

type signInOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

// door is a module whose operations need permissions.
func door() httpserver.Routes {
	whoami := func(ctx context.Context, _ *struct{}) (*callerOutput, error) {
		var out callerOutput
		out.Body.ID, out.Body.Agent = identity.From(ctx).ID, httpserver.UserAgent(ctx)
		return &out, nil
	}
	return httpserver.Routes{Name: "door", Register: func(api huma.API, router chi.Router) {
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "whoami", Method: http.MethodGet, Path: "/api/v1/whoami"}), whoami)
		huma.Register(api, httpserver.Guarded(huma.Operation{OperationID: "look", Method: http.MethodGet, Path: "/api/v1/door"}, mayLook), whoami)
		huma.Register(api, httpserver.Guarded(huma.Operation{
			OperationID: "knock", Method: http.MethodPost, Path: "/api/v1/door/knocks", Description: "Knocks.",
			Errors: []int{http.StatusConflict},
		}, mayKnock), func(ctx context.Context, _ *knockInput) (*callerOutput, error) { return whoami(ctx, nil) })
		huma.Register(api, httpserver.Guarded(huma.Operation{OperationID: "open", Method: http.MethodDelete, Path: "/api/v1/door"}, mayOpen), whoami)
		huma.Register(api, httpserver.Public(huma.Operation{OperationID: "sign-in", Method: http.MethodPost, Path: "/api/v1/sessions"}),
			func(ctx context.Context, in *signInInput) (*signInOutput, error) {
				return &signInOutput{SetCookie: httpserver.NewCookie(ctx, httpserver.SessionCookie, in.Name, time.Hour)}, nil
			})
		router.Post("/pages/echo", func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	}}
}

// whoami asks the server whom it takes the sender of these headers for.
func (h *harness) whoami(t *testing.T, headers ...string) (id string, a answer) {
	t.Helper()
	a = h.get("/api/v1/whoami", headers...)
	if a.Status != http.StatusOK {
		t.Fatalf("%d: %s", a.Status, a.Body)
	}
	return fmt.Sprint(object(t, a.Body)["id"]), a
}
