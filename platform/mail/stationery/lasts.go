package stationery

import (
	"fmt"
	"time"
)

// Lasts writes how long something lasts, in the largest unit that is exact, the least being minutes.
func Lasts(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d%day == 0 && d > day:
		return fmt.Sprintf("%d days", d/day)
	case d%time.Hour == 0:
		return fmt.Sprintf("%d hours", d/time.Hour)
	default:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
}
