package oracle

import "unicode/utf8"

// Spans of time in microseconds.
const (
	Microsecond int64 = 1
	Second            = 1_000_000 * Microsecond
	Minute            = 60 * Second
	Hour              = 60 * Minute
	Day               = 24 * Hour
)

// SoftClose says when a late bid moves the end: off where all is zero.
type SoftClose struct{ Window, Extension, Cap int64 }

// Terms are what a listing is published under. A reserve or a Buy It Now price of 0 is none; a start of 0 is the
// instant of publication.
type Terms struct {
	Title        string
	Currency     string
	Table        Table
	Start        int64
	Reserve      int64
	BuyNow       int64
	Starts, Ends int64
	Soft         SoftClose
}

// valid says whether the rules let a listing be published under these terms, apart from the times.
func (t Terms) valid() bool {
	characters := utf8.RuneCountInString(t.Title)
	switch {
	case characters < 1, characters > 120:
		return false
	case t.Start <= 0:
		return false
	case t.Reserve != 0 && t.Reserve <= t.Start:
		return false
	case t.BuyNow != 0 && 10*t.BuyNow < 13*t.Start:
		return false
	case t.BuyNow != 0 && t.BuyNow < t.Reserve:
		return false
	}
	return t.Soft.valid() && t.Ends-t.Starts >= Hour && t.Ends-t.Starts <= 30*Day
}

func (s SoftClose) valid() bool {
	if s == (SoftClose{}) {
		return true
	}
	return s.Window > 0 && s.Window <= Day &&
		s.Extension > 0 && s.Extension <= Day &&
		s.Extension <= s.Cap && s.Cap <= 7*Day
}
