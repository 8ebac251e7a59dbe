package rest

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// idOf is zero for nil.
func idOf(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}

// givenID is an id in a query, or none: the id that is all zeros is one that nobody has.
type givenID struct {
	id    uuid.UUID
	given bool
}

// UnmarshalText implements encoding.TextUnmarshaler. Errors: no UUID.
func (g *givenID) UnmarshalText(text []byte) error {
	g.given = true
	return g.id.UnmarshalText(text)
}

// Schema describes an id to the readers of the API.
func (givenID) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "uuid"}
}
