package rest

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Money is an amount.
type Money struct {
	Amount   string `json:"amount" example:"20.50" maxLength:"100" doc:"Decimal text: digits with at most one dot, and at most as many after it as the currency has."`
	Currency string `json:"currency" maxLength:"100" example:"USD" doc:"ISO 4217 code."`
}

func moneyOf(m domain.Money) Money { return Money{Amount: m.Decimal(), Currency: m.Currency.Code} }

// someMoney is nil for zero, which means none.
func someMoney(m domain.Money) *Money {
	if m.Minor == 0 {
		return nil
	}
	money := moneyOf(m)
	return &money
}

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
