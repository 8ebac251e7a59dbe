package app

import (
	"time"

	"github.com/gavelhq/gavel/platform/fault"
)

// ErrInvalidPeriod: the days of a sheet are no days, or not in order, or too many.
var ErrInvalidPeriod = fault.New(fault.Invalid, "invalid_period", "Name the days of a period, the first one first.")

const (
	// usualDays is how long a period is of which nothing was said, today included.
	usualDays = 30
	// maxDays is how long the longest is: a year.
	maxDays = 366
)

// Period is some days of a site, both included.
type Period struct {
	// First and Last are dates, at midnight in the site's time zone.
	First, Last time.Time
}

// dayLayout is how dates are written.
const dayLayout = time.DateOnly

// NewPeriod returns the days from the first to the last one, written like 2026-03-31, in the zone. Without the last one it is
// today, or the first one if that lies ahead; without the first one there are 30 days. Errors: ErrInvalidPeriod.
func NewPeriod(first, last string, zone *time.Location, now time.Time) (Period, error) {
	today, err := dateOf(now.In(zone).Format(dayLayout), "to", zone)
	if err != nil {
		return Period{}, err
	}
	p := Period{Last: today}
	if last != "" {
		if p.Last, err = dateOf(last, "to", zone); err != nil {
			return Period{}, err
		}
	}
	p.First = p.Last.AddDate(0, 0, 1-usualDays)
	if first != "" {
		if p.First, err = dateOf(first, "from", zone); err != nil {
			return Period{}, err
		}
	}
	if last == "" && p.First.After(p.Last) {
		p.Last = p.First
	}
	return p, p.check()
}

// check refuses what is out of order or too long.
func (p Period) check() error {
	switch {
	case p.First.After(p.Last):
		return ErrInvalidPeriod.Detailf("The first day, %s, comes after the last, %s.", p.From(), p.To()).With("field", "from")
	case p.Last.After(p.First.AddDate(0, 0, maxDays-1)):
		return ErrInvalidPeriod.Detailf("A period has at most %d days.", maxDays).With("field", "from")
	default:
		return nil
	}
}

// dateOf reads a date. Errors: ErrInvalidPeriod.
func dateOf(text, field string, zone *time.Location) (time.Time, error) {
	day, err := time.ParseInLocation(dayLayout, text, zone)
	if err != nil || day.Year() < 1970 {
		return time.Time{}, ErrInvalidPeriod.Detailf("Write the day like 2026-03-31.").With("field", field)
	}
	return day, nil
}

// From returns the first day as it is written.
func (p Period) From() string { return p.First.Format(dayLayout) }

// To returns the last day as it is written.
func (p Period) To() string { return p.Last.Format(dayLayout) }

// Begin returns the instant at which the period begins.
func (p Period) Begin() time.Time { return p.First.UTC() }

// End returns the instant at which the day after the period begins.
func (p Period) End() time.Time { return p.Last.AddDate(0, 0, 1).UTC() }
