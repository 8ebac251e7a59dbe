package replay

import (
	"math/big"
	"regexp"
	"time"
)

// decimalText is a number as files write it: digits, perhaps with a dot, perhaps with an exponent as spreadsheets add it
// to small numbers. The exponent has few digits: a larger one would make a number of gigabytes.
var decimalText = regexp.MustCompile(`^[0-9]{1,18}(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,2})?$`)

// span reads a number of units of time exactly, cut to the microsecond; false if the text is no such number or the time
// is longer than a century.
func span(text string, unit time.Duration) (time.Duration, bool) {
	if !decimalText.MatchString(text) {
		return 0, false
	}
	number, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, false
	}
	number.Mul(number, new(big.Rat).SetInt64(unit.Microseconds()))
	micros := new(big.Int).Quo(number.Num(), number.Denom())
	const century = 100 * 366 * 24 * time.Hour
	if !micros.IsInt64() || micros.Int64() > century.Microseconds() {
		return 0, false
	}
	return time.Duration(micros.Int64()) * time.Microsecond, true
}
