package domain

import "time"

// micros cuts an instant to the microsecond, in UTC, without a monotonic reading: what the log holds and what two equal
// instants compare equal in. The zero instant, which means none, stays.
func micros(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
