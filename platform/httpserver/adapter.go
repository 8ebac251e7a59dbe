package httpserver

import (
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/gavelhq/gavel/platform/identity"
)

// What huma sets where an operation sets nothing.
const (
	humaMaxBodyBytes    = 1 << 20
	humaBodyReadTimeout = 5 * time.Second
)

// adapter stands between huma and the router. It guards every operation with the permission that was declared with it,
// and lets the server's own limits hold: huma would read no body of more than 1 MiB whatever the settings say, and would
// replace the server's read timeout by its own and then lift it. What an operation sets for itself stays, within the
// server's limits.
type adapter struct {
	huma.Adapter

	operations []Operation
	errs       []error // operations that say nothing about who may call them
}

// Handle registers an operation with the router.
func (a *adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	if op.MaxBodyBytes == humaMaxBodyBytes {
		op.MaxBodyBytes = 0
	}
	if op.BodyReadTimeout == humaBodyReadTimeout {
		op.BodyReadTimeout = 0
	}
	permission, declared := op.Metadata[permissionKey].(*identity.Permission)
	if !declared {
		a.errs = append(a.errs, fmt.Errorf("operation %s (%s %s) is declared neither Public nor Guarded", op.OperationID, op.Method, op.Path))
		return
	}
	a.operations = append(a.operations, Operation{ID: op.OperationID, Method: op.Method, Path: op.Path, Permission: permission})
	a.Adapter.Handle(op, func(ctx huma.Context) {
		r, w := humachi.Unwrap(ctx)
		if err := admit(ctx.Context(), permission); err != nil {
			WriteError(w, r, err)
			return
		}
		if err := errors.Join(readable(op, r), unambiguous(op, r)); err != nil {
			WriteError(w, r, err)
			return
		}
		// There is one format to choose from, and huma's choosing panics at parameters that are short: "a/b;c,x".
		r.Header.Del("Accept")
		handler(ctx)
	})
}

// readable refuses a body that is not said to be what the operation reads: huma takes JSON by other names and by none.
func readable(op *huma.Operation, r *http.Request) error {
	if op.RequestBody == nil || r.ContentLength == 0 {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if _, known := op.RequestBody.Content[mediaType]; err != nil || !known {
		return newProblem(http.StatusUnsupportedMediaType, "invalid_request", "Send the body as "+
			strings.Join(slices.Sorted(maps.Keys(op.RequestBody.Content)), " or ")+", and say so in Content-Type.")
	}
	return nil
}

// unambiguous refuses a parameter of the query that is there more than once and no list, of which huma takes the first and
// others the last, and a list with an empty value, which huma takes for none at all when it comes first.
func unambiguous(op *huma.Operation, r *http.Request) error {
	query := r.URL.Query()
	p := newProblem(http.StatusUnprocessableEntity, "invalid_request", "The request has invalid fields.")
	refuse := func(name, message string) {
		p.Errors = append(p.Errors, FieldError{Location: "query." + name, Message: message})
	}
	for _, known := range op.Parameters {
		values := query[known.Name]
		switch {
		case known.In != "query" || len(values) < 2:
		case known.Schema.Type != huma.TypeArray:
			refuse(known.Name, "expected at most one value")
		case slices.Contains(values, ""):
			refuse(known.Name, "expected no empty value among others")
		}
	}
	if len(p.Errors) > 0 {
		return p
	}
	return nil
}

// err returns what keeps the operations from being served.
func (a *adapter) err() error { return errors.Join(a.errs...) }
