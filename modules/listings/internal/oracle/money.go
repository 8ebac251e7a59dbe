package oracle

import (
	"math/big"
	"regexp"
	"strings"
)

// MaxAmount is the largest amount there is, in minor units.
const MaxAmount = 1_000_000_000_000_000

var decimal = regexp.MustCompile(`^([0-9]+)(?:\.([0-9]+))?$`)

// digits says how many digits a currency has after the dot.
func digits(currency string) int {
	switch currency {
	case "JPY":
		return 0
	case "KWD":
		return 3
	default:
		return 2
	}
}

// parse reads decimal text as minor units of the currency. The second result is the refusal's code, empty if there is
// none: text that is no decimal at all cannot be judged further, so that comes first.
func parse(text, currency string) (int64, string) {
	parts := decimal.FindStringSubmatch(text)
	if parts == nil {
		return 0, "amount_malformed"
	}
	whole, fraction := parts[1], parts[2]
	if len(fraction) > digits(currency) {
		return 0, "amount_too_precise"
	}
	fraction += strings.Repeat("0", digits(currency)-len(fraction))
	amount, _ := new(big.Int).SetString(whole+fraction, 10)
	if amount.Sign() == 0 {
		return 0, "amount_not_positive"
	}
	if amount.Cmp(big.NewInt(MaxAmount)) > 0 {
		return 0, "amount_too_large"
	}
	return amount.Int64(), ""
}

// Format writes an amount of minor units as the decimal text that a bidder would send: 2050 of USD is "20.50".
func Format(amount int64, currency string) string {
	text := big.NewInt(amount).String()
	after := digits(currency)
	if after == 0 {
		return text
	}
	if missing := after + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	return text[:len(text)-after] + "." + text[len(text)-after:]
}
