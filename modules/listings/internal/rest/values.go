package rest

import (
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
