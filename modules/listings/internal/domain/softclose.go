package domain

import "time"

// SoftClose says how late bids move the end. The zero SoftClose is off.
type SoftClose struct {
	// Window: a bid counts as late when at most this much is left.
	Window time.Duration
	// Extension: a late bid leaves at least this much.
	Extension time.Duration
	// Cap: the end never moves further than this beyond the published end.
	Cap time.Duration
}

// Limits of a soft close.
const (
	MaxSoftCloseWindow = 24 * time.Hour
	MaxSoftCloseCap    = 7 * 24 * time.Hour
)

// valid reports whether s is off or within the limits.
func (s SoftClose) valid() bool {
	if s == (SoftClose{}) {
		return true
	}
	return s.Window > 0 && s.Window <= MaxSoftCloseWindow &&
		s.Extension > 0 && s.Extension <= MaxSoftCloseWindow &&
		s.Extension <= s.Cap && s.Cap <= MaxSoftCloseCap
}

func (s SoftClose) micros() SoftClose {
	return SoftClose{
		Window:    s.Window.Truncate(time.Microsecond),
		Extension: s.Extension.Truncate(time.Microsecond),
		Cap:       s.Cap.Truncate(time.Microsecond),
	}
}

// extended returns the end after a bid at the instant at that changed price or leader: later than the present end if
// the bid is late and the cap leaves room, never earlier.
func (s SoftClose) extended(at, end, publishedEnd time.Time) time.Time {
	if s.Window == 0 || end.Sub(at) > s.Window {
		return end
	}
	return later(end, earlier(at.Add(s.Extension), publishedEnd.Add(s.Cap)))
}
