package httpserver

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// What huma sets where an operation sets nothing.
const (
	humaMaxBodyBytes    = 1 << 20
	humaBodyReadTimeout = 5 * time.Second
)

// adapter lets the server's own limits hold for huma's operations: huma would read no body of more than 1 MiB whatever
// the settings say, and would replace the server's read timeout by its own and then lift it. What an operation sets for
// itself stays, within the server's limits.
type adapter struct{ huma.Adapter }

// Handle registers an operation with the router.
func (a adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	if op.MaxBodyBytes == humaMaxBodyBytes {
		op.MaxBodyBytes = 0
	}
	if op.BodyReadTimeout == humaBodyReadTimeout {
		op.BodyReadTimeout = 0
	}
	a.Adapter.Handle(op, handler)
}
