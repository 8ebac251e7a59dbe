package domain

import (
	"time"

	"github.com/google/uuid"
)

// Open notes that the listing has opened, with its start as the stamp, and reports whether it did. It changes nothing
// when the start is still to come, when the log says so already, and while the listing is frozen. The command id is
// that of the unit of work.
func (l *Listing) Open(command uuid.UUID, now time.Time) bool {
	at := l.stamp(now)
	if l.state.Frozen || l.state.Status != StatusScheduled || at.Before(l.state.Terms.StartsAt) {
		return false
	}
	l.append(l.next(KindOpened, Command{ID: command}, RoleClock, l.state.Terms.StartsAt), nil)
	return true
}

// Close ends a listing whose end has passed, with that end as the stamp however late it is, writes the outcome once and
// for all, and reports whether it did. It changes nothing when the end is still to come, when the listing is over
// already, and while it is frozen. The command id is that of the unit of work.
func (l *Listing) Close(command uuid.UUID, now time.Time) bool {
	at := l.stamp(now)
	if l.state.Frozen || l.state.Status.Final() || !l.statusAt(at).Ended() {
		return false
	}
	l.append(l.begin(KindClosed, Command{ID: command}, RoleClock, l.state.EndsAt), nil)
	return true
}
