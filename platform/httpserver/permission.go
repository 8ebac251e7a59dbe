package httpserver

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/gavelhq/gavel/platform/identity"
)

// permissionKey is where an operation's metadata keeps the *identity.Permission that it needs; nil for a public one.
const permissionKey = "permission"

// Public declares that anybody may call the operation, guests included. Every operation is declared Public or Guarded:
// one that is neither keeps the server from being built.
func Public(op huma.Operation) huma.Operation {
	return declare(op, nil)
}

// Guarded declares that a caller needs the permission. It is checked before anything of the request is read.
func Guarded(op huma.Operation, p identity.Permission) huma.Operation {
	return declare(op, &p)
}

func declare(op huma.Operation, p *identity.Permission) huma.Operation {
	metadata := map[string]any{permissionKey: p}
	for name, value := range op.Metadata {
		if name != permissionKey { // what is declared last counts
			metadata[name] = value
		}
	}
	op.Metadata = metadata
	return op
}

// admit lets those callers through that have the permission; for a public operation, nil, all.
// Errors: those of identity.Caller.Check.
func admit(ctx context.Context, permission *identity.Permission) error {
	if permission == nil {
		return nil
	}
	return identity.From(ctx).Check(*permission)
}

// Operation is one operation of the API, as it is served.
type Operation struct {
	ID     string
	Method string
	Path   string // a pattern, with {names}
	// Permission is what a caller needs; nil where anybody may call.
	Permission *identity.Permission
}

// Route is one method and pattern that the router knows, whether an operation of the API or something beside it.
type Route struct {
	Method  string
	Pattern string
}

// Operations returns the operations of the API in the order in which they were registered.
func (s *Server) Operations() []Operation { return slices.Clone(s.adapter.operations) }

// Routes returns everything that the router knows, so that a test can tell whether it has looked at all of it.
func (s *Server) Routes() []Route {
	var routes []Route
	// The function returns no error, so the walk does not.
	_ = chi.Walk(s.router, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes = append(routes, Route{Method: method, Pattern: pattern})
		return nil
	})
	return routes
}
