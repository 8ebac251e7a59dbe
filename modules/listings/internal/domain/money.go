package domain

import (
	"strconv"
	"strings"
)

// MaxMinor is the largest amount that a member may name, in minor units. Sums of a handful of such amounts, and
// thirteen times one, fit an int64, which is why pricing needs no overflow checks of its own.
const MaxMinor int64 = 1_000_000_000_000_000

// maxDigits is the largest number of minor digits that ISO 4217 gives to any currency.
const maxDigits = 4

// Currency is an ISO 4217 currency.
type Currency struct {
	// Code is the alphabetic code, such as USD.
	Code string
	// Digits is the number of digits after the dot: 0 for JPY, 2 for USD, 3 for KWD.
	Digits int
}

// NewCurrency returns the currency of that code, whose number of minor digits the caller looked up. Errors:
// ErrInvalidCurrency when the code is not three upper-case letters or the digits are not 0 to 4.
func NewCurrency(code string, digits int) (Currency, error) {
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || digits < 0 || digits > maxDigits {
		return Currency{}, ErrInvalidCurrency
	}
	return Currency{Code: code, Digits: digits}, nil
}

// Money is an amount in a currency. It may be zero; none of the rules makes it negative.
type Money struct {
	// Minor is the amount in minor units.
	Minor int64
	// Currency says of what.
	Currency Currency
}

// Money returns that many minor units of c.
func (c Currency) Money(minor int64) Money { return Money{Minor: minor, Currency: c} }

// Plus returns the sum. Errors: ErrCurrencyMismatch; ErrAmountTooLarge when the sum fits no int64.
func (m Money) Plus(other Money) (Money, error) {
	sum := m.Minor + other.Minor
	switch {
	case m.Currency != other.Currency:
		return Money{}, ErrCurrencyMismatch
	case (sum > m.Minor) != (other.Minor > 0):
		return Money{}, ErrAmountTooLarge
	default:
		return m.Currency.Money(sum), nil
	}
}

// Decimal returns the amount as decimal text with as many fraction digits as the currency has: 2050 of USD is "20.50".
func (m Money) Decimal() string { return decimal(m.Minor, m.Currency.Digits) }

// String returns the amount and its currency: "20.50 USD".
func (m Money) String() string { return m.Decimal() + " " + m.Currency.Code }

func decimal(minor int64, digits int) string {
	if digits == 0 {
		return strconv.FormatInt(minor, 10)
	}
	sign, text := "", strconv.FormatInt(minor, 10)
	if text[0] == '-' {
		sign, text = "-", text[1:]
	}
	text = strings.Repeat("0", max(0, digits+1-len(text))) + text
	return sign + text[:len(text)-digits] + "." + text[len(text)-digits:]
}
