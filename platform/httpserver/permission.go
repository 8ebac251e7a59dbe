package httpserver

import (
	"github.com/danielgtaylor/huma/v2"

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
		metadata[name] = value
	}
	op.Metadata = metadata
	return op
}
