package domain

import (
	"time"

	"github.com/google/uuid"
)

// How attempts are slowed down.
const (
	// ThrottleWindow is the time in which a few failures are free of delay.
	ThrottleWindow = 5 * time.Minute
	// FirstDelay follows the last failure that is free; each further one doubles it, up to LongestDelay.
	FirstDelay   = time.Minute
	LongestDelay = time.Hour
)

// throttleNamespace makes ids of what is slowed down. It must never change: ids in databases were made with it.
var throttleNamespace = uuid.MustParse("9f0f6a36-0b36-5b63-9a55-6f3b9d2c4d03")

// Throttle counts the attempts at one thing, such as signing in to one account from one network. What it counts is
// hashed into its identity, so that it keeps no address.
//
// An attempt is counted before it is judged, and forgotten when it succeeds: many at the same time count one by one, and
// nothing that is judged slowly can be tried more often than it is counted.
type Throttle struct {
	record
	attempts int
	lastAt   time.Time
	until    time.Time
}

// ThrottleState is a throttle as plain data for mappers.
type ThrottleState struct {
	ID      uuid.UUID
	Version int64
	// Attempts are those that count.
	Attempts int
	// LastAt is the last one, Until the end of the delay after it.
	LastAt, Until time.Time
}

// ThrottleID returns the identity of what is slowed down: a kind of attempt, and what it is aimed at or comes from.
func ThrottleID(kind string, subject ...string) uuid.UUID {
	name := []byte(kind)
	for _, s := range subject {
		hash := HashOf(s)
		name = append(name, hash[:]...)
	}
	return uuid.NewSHA1(throttleNamespace, name)
}

// NewThrottle returns a throttle without attempts.
func NewThrottle(id uuid.UUID) *Throttle { return &Throttle{record: record{id: id, changed: true}} }

// RestoreThrottle returns the throttle as it was stored, unchecked.
func RestoreThrottle(s ThrottleState) *Throttle {
	return &Throttle{record: record{id: s.ID, version: s.Version}, attempts: s.Attempts, lastAt: s.LastAt, until: s.Until}
}

// State returns the throttle as plain data.
func (t *Throttle) State() ThrottleState {
	return ThrottleState{ID: t.id, Version: t.version, Attempts: t.attempts, LastAt: t.lastAt, Until: t.until}
}

// Snapshot returns an independent copy.
func (t *Throttle) Snapshot() *Throttle { c := *t; return &c }

// Check returns nil when an attempt may be made at the instant now. Errors: ErrTooManyAttempts, whose field retry_after
// is the time to wait in seconds, rounded up.
func (t *Throttle) Check(now time.Time) error {
	if now = micros(now); now.Before(t.until) {
		return ErrTooManyAttempts.With("retry_after", int64((t.until.Sub(now)+time.Second-1)/time.Second))
	}
	return nil
}

// Attempt counts an attempt. The one that makes them free costs FirstDelay, each further one twice as much as the one
// before; free 0 counts nothing. The attempts are forgotten when none was made for ThrottleWindow and, once they cost a
// delay, for LongestDelay after its end. Errors: as Check; then it is not counted.
func (t *Throttle) Attempt(free int, now time.Time) error {
	if free == 0 {
		return nil
	}
	now = micros(now)
	if err := t.Check(now); err != nil {
		return err
	}
	last, memory := t.lastAt, ThrottleWindow
	if !t.until.IsZero() {
		last, memory = t.until, LongestDelay
	}
	if now.Sub(last) >= memory {
		t.attempts = 0
	}
	t.attempts++
	t.lastAt, t.until = now, time.Time{}
	if over := t.attempts - free; over >= 0 {
		t.until = now.Add(delay(over))
	}
	t.changed = true
	return nil
}

// Forget drops what was counted: the attempt succeeded.
func (t *Throttle) Forget() {
	if t.attempts == 0 {
		return
	}
	t.attempts, t.lastAt, t.until = 0, time.Time{}, time.Time{}
	t.changed = true
}

// delay is FirstDelay doubled n times, at most LongestDelay.
func delay(n int) time.Duration {
	d := FirstDelay
	for ; n > 0 && d < LongestDelay; n-- {
		d *= 2
	}
	return min(d, LongestDelay)
}
