package domain

import "strings"

// Offer is an amount as somebody sent it: not yet parsed, because a command may be refused for better reasons before
// its amount is looked at. The zero Offer is no offer.
type Offer struct {
	// Amount is decimal text.
	Amount string
	// Currency is an ISO 4217 code.
	Currency string
}

// IsZero reports whether there is no offer.
func (o Offer) IsZero() bool { return o == Offer{} }

// In parses the offer as an amount of c. Errors: ErrCurrencyMismatch, and those of ParseAmount.
func (o Offer) In(c Currency) (Money, error) {
	if o.Currency != c.Code {
		return Money{}, ErrCurrencyMismatch.Detailf("This listing is sold in %s.", c.Code)
	}
	return ParseAmount(o.Amount, c)
}

// ParseAmount parses decimal text exactly: ASCII digits with at most one dot between them, at most as many of them
// after the dot as the currency has. Nothing is rounded. Errors, in this order: ErrAmountMalformed,
// ErrAmountTooPrecise, ErrAmountTooLarge (more than MaxMinor), ErrAmountNotPositive.
func ParseAmount(text string, c Currency) (Money, error) {
	whole, fraction, dotted := strings.Cut(text, ".")
	if !allDigits(whole) || dotted && !allDigits(fraction) {
		return Money{}, ErrAmountMalformed
	}
	if len(fraction) > c.Digits {
		return Money{}, ErrAmountTooPrecise.Detailf("An amount in %s has at most %d digits after the dot.", c.Code, c.Digits)
	}
	minor, fits := minorUnits(whole, fraction, c.Digits)
	switch {
	case !fits:
		return Money{}, ErrAmountTooLarge
	case minor == 0:
		return Money{}, ErrAmountNotPositive
	}
	return c.Money(minor), nil
}

func allDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// minorUnits reads digits that were checked; false when the amount is above MaxMinor.
func minorUnits(whole, fraction string, digits int) (minor int64, fits bool) {
	for i := range len(whole) + digits {
		digit := int64(0) // a fraction digit that was left out
		switch {
		case i < len(whole):
			digit = int64(whole[i] - '0')
		case i-len(whole) < len(fraction):
			digit = int64(fraction[i-len(whole)] - '0')
		}
		if minor = minor*10 + digit; minor > MaxMinor {
			return 0, false
		}
	}
	return minor, true
}
