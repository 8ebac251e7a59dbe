package publiclog

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// digest is a hash or an alias, written in hexadecimal.
type digest [32]byte

// IsZero reports whether there is none; such fields are left out.
func (d digest) IsZero() bool { return d == digest{} }

// MarshalText implements encoding.TextMarshaler. Errors: none.
func (d digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler. Errors: a text that is not 64 hexadecimal digits.
func (d *digest) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(d) {
		return malformedf("a hash has %d hexadecimal digits, not %d", hex.EncodedLen(len(d)), len(text))
	}
	_, err := hex.Decode(d[:], text)
	return err
}

// instantLayout has six digits after the seconds, always.
const instantLayout = "2006-01-02T15:04:05.000000Z07:00"

// instant is a time, written in RFC 3339 with microseconds in UTC.
type instant time.Time

// IsZero reports whether there is none; such fields are left out.
func (t instant) IsZero() bool { return time.Time(t).IsZero() }

// MarshalText implements encoding.TextMarshaler. Errors: none.
func (t instant) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, instantLayout), nil
}

// UnmarshalText implements encoding.TextUnmarshaler. Errors: a text in another layout.
func (t *instant) UnmarshalText(text []byte) error {
	parsed, err := time.Parse(instantLayout, string(text))
	*t = instant(parsed.UTC())
	return err
}

// amount is decimal text in the log's currency. The empty amount is none.
type amount string

// amountOf writes an amount, none for zero.
func amountOf(minor int64, c domain.Currency) amount {
	if minor == 0 {
		return ""
	}
	return priceOf(minor, c)
}

// priceOf writes an amount that may be zero.
func priceOf(minor int64, c domain.Currency) amount { return amount(c.Money(minor).Decimal()) }

// minor reads an amount. Errors: *malformedError for a text that is not what Money.Decimal writes.
func (a amount) minor(c domain.Currency) (int64, error) {
	if a == "" {
		return 0, nil
	}
	minor, err := strconv.ParseInt(strings.Replace(string(a), ".", "", 1), 10, 64)
	if err != nil || priceOf(minor, c) != a {
		return 0, malformedf("%q is no amount in %s", string(a), c.Code)
	}
	return minor, nil
}
