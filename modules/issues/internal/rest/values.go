package rest

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// instant is a time in RFC 3339, UTC, always with six digits after the seconds.
type instant time.Time

// MarshalText implements encoding.TextMarshaler. Errors: none.
func (t instant) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000000Z07:00"), nil
}

// Schema describes an instant to the readers of the API.
func (instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Examples: []any{"2026-03-01T12:00:00.000000Z"}}
}

// someInstant is nil for the zero time, which means none.
func someInstant(t time.Time) *instant {
	if t.IsZero() {
		return nil
	}
	at := instant(t)
	return &at
}

// someID is nil for the zero id, which means none.
func someID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

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
