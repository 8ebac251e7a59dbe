package httpserver

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// Instant is a time in a body: in RFC 3339, UTC, always with six digits after the seconds.
type Instant time.Time

// MarshalText implements encoding.TextMarshaler. Errors: none.
func (t Instant) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000000Z07:00"), nil
}

// Schema describes an instant to the readers of the API.
func (Instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Examples: []any{"2026-03-01T12:00:00.000000Z"}}
}

// SomeInstant is nil for the zero time, which means none.
func SomeInstant(t time.Time) *Instant {
	if t.IsZero() {
		return nil
	}
	at := Instant(t)
	return &at
}

// SomeID is nil for the zero id, which means none.
func SomeID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
