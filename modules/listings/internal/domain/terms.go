package domain

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gavelhq/gavel/platform/fault"
)

// Ruleset names the rules that this package implements. A listing keeps the one it was published under.
const Ruleset = "classic-1"

// Limits of what a listing may say and how long it may take.
const (
	MaxTitle       = 120     // characters
	MaxDescription = 20_000  // characters, of the description as of each addition
	MaxDraftText   = 100_000 // characters, of a title or description that is not published yet
	MaxAdditions   = 50      // to the description
	MaxReason      = 1_000   // characters
	MinDuration    = time.Hour
	MaxDuration    = 30 * 24 * time.Hour
)

// Content is what a seller writes into a draft, or into a listing that nobody has bid on.
type Content struct {
	// Title is plain text in one line; 1 to 120 characters when published.
	Title string
	// Description is text of up to MaxDescription characters.
	Description string
	// StartPrice, Reserve and BuyNow are amounts in the listing's currency; zero is none. A published listing has a
	// start price; the reserve is above it; the Buy It Now price is at least 1.3 times the start price and not below
	// the reserve.
	StartPrice, Reserve, BuyNow Offer
	// StartsAt is when the listing opens; zero is the moment of publication, and later keeps the start as it is.
	StartsAt time.Time
	// Duration is the time from the start to the end: 1 hour to 30 days.
	Duration time.Duration
	// SoftClose says how late bids move the end; zero is off.
	SoftClose SoftClose
	// Table gives the increments; zero keeps the present one, in a new draft DefaultTable. It stays once published.
	Table IncrementTable
}

// Terms are what a listing is sold under, in minor units of its currency.
type Terms struct {
	// Table gives the increments.
	Table IncrementTable
	// StartPrice is S; 0 only in a draft.
	StartPrice int64
	// Reserve is R, which is never shown; 0 is none.
	Reserve int64
	// BuyNow is B; 0 is none.
	BuyNow int64
	// StartsAt is when the listing opens; zero in a draft that starts when it is published.
	StartsAt time.Time
	// Duration is the time from the start to the end as last published.
	Duration time.Duration
	// SoftClose says how late bids move the end.
	SoftClose SoftClose
}

// parse reads the content's amounts in c. Errors: a fault of the first bad field that lists all of them.
func (c Content) parse(currency Currency) (Terms, error) {
	refused := c.unstorable()
	amount := func(field string, o Offer) int64 {
		if o.IsZero() {
			return 0
		}
		m, err := o.In(currency)
		if err != nil {
			refused.add(field, fault.Of(err))
		}
		return m.Minor
	}
	terms := Terms{
		Table:      c.Table,
		StartPrice: amount("start_price", c.StartPrice),
		Reserve:    amount("reserve", c.Reserve),
		BuyNow:     amount("buy_now", c.BuyNow),
		StartsAt:   micros(c.StartsAt),
		Duration:   c.Duration.Truncate(time.Microsecond),
		SoftClose:  c.SoftClose.micros(),
	}
	return terms, refused.err()
}

// unstorable collects what no draft keeps, because not every store could, or because no answer could tell it. What may be
// published is less: see check.
func (c Content) unstorable() fieldErrors {
	var refused fieldErrors
	if !storable(c.Title) {
		refused = append(refused, ErrInvalidTitle)
	}
	if !storable(c.Description) {
		refused = append(refused, ErrInvalidDescription)
	}
	if year := c.StartsAt.UTC().Year(); year < 0 || year >= lastYear {
		refused = append(refused, ErrInvalidStartsAt)
	}
	return refused
}

// lastYear is the last that RFC 3339 can write; an end, which is in it at the latest, follows its start within weeks.
const lastYear = 9999

// storable reports whether text is UTF-8 of at most MaxDraftText characters, none of them null.
func storable(text string) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= MaxDraftText && !strings.ContainsRune(text, 0)
}

// check collects what forbids to publish a listing with this text and these terms, which give it that end, at the instant
// at.
func (t Terms) check(title, description string, earliest, end, at time.Time) error {
	var refused fieldErrors
	refuse := func(bad bool, refusal *fault.Error) {
		if bad {
			refused = append(refused, refusal)
		}
	}
	refuse(!validTitle(title), ErrInvalidTitle)
	refuse(!validText(description, MaxDescription), ErrInvalidDescription)
	refuse(t.StartPrice <= 0, ErrInvalidStartPrice)
	refuse(t.Reserve != 0 && t.Reserve <= t.StartPrice, ErrInvalidReserve)
	refuse(t.BuyNow != 0 && (10*t.BuyNow < 13*t.StartPrice || t.BuyNow < t.Reserve), ErrInvalidBuyNow)
	refuse(t.StartsAt.Before(earliest), ErrInvalidStartsAt)
	refuse(t.Duration < MinDuration || t.Duration > MaxDuration || !end.After(at), ErrInvalidDuration)
	refuse(!t.SoftClose.valid(), ErrInvalidSoftClose)
	refuse(t.Table.IsZero(), ErrInvalidIncrementTable)
	return refused.err()
}

// end is the end as published.
func (t Terms) end() time.Time { return t.StartsAt.Add(t.Duration) }

func (t Terms) equal(other Terms) bool {
	return t.Table.Equal(other.Table) && t.StartPrice == other.StartPrice && t.Reserve == other.Reserve &&
		t.BuyNow == other.BuyNow && t.StartsAt.Equal(other.StartsAt) && t.Duration == other.Duration &&
		t.SoftClose == other.SoftClose
}

func validTitle(title string) bool {
	return !blank(title) && validText(title, MaxTitle) && !strings.ContainsAny(title, "\n\r\t")
}

// validText reports whether text is UTF-8 of at most limit characters without control characters other than line
// breaks and tabs.
func validText(text string, limit int) bool {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > limit {
		return false
	}
	return strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }) < 0
}

// validReason reports whether a reason says something.
func validReason(reason string) bool {
	return !blank(reason) && validText(reason, MaxReason)
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }
