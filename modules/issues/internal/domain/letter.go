package domain

import (
	"errors"
	"time"

	"github.com/google/uuid"
)

// LetterKind says which letter it is.
type LetterKind string

// The letters to visitors. All but LetterNothing are about an issue, and bring a link.
const (
	LetterConfirm   LetterKind = "confirm"   // asks to confirm the address
	LetterConfirmed LetterKind = "confirmed" // says that the report has arrived
	LetterNews      LetterKind = "news"      // says that there is something new
	LetterAgain     LetterKind = "again"     // brings another link, because somebody asked for it
	LetterNothing   LetterKind = "nothing"   // says that nothing was reported from the address
)

// ErrLetterNotFound: there is no such letter, or it was mailed, dropped or given up.
var ErrLetterNotFound = errors.New("there is no such letter")

// ErrLetterTaken: there is a letter with this id.
var ErrLetterTaken = errors.New("there is such a letter already")

// Letter is one to a visitor that is yet to be mailed. It is stored with what it tells, and removed when it was mailed. It
// holds no secret: that of its link is made when it is mailed, and what it says is in the issue.
type Letter struct {
	state   LetterState
	changed bool
}

// LetterState is a letter as plain data for mappers.
type LetterState struct {
	// ID is also that of the mail, however often it is sent.
	ID      uuid.UUID
	Version int64
	Kind    LetterKind
	// Issue is what it is about, whose visitor gets it; zero for LetterNothing.
	Issue uuid.UUID
	// Email is who gets a LetterNothing; empty for all others.
	Email string
	// WrittenAt is when there was something to tell, DueAt when the mail is tried next.
	WrittenAt, DueAt time.Time
	// Attempts counts how often it was tried.
	Attempts int
}

// NewLetter returns a letter to the visitor who reported the issue, due at once.
func NewLetter(id uuid.UUID, kind LetterKind, issue uuid.UUID, now time.Time) *Letter {
	at := micros(now)
	return &Letter{state: LetterState{ID: id, Kind: kind, Issue: issue, WrittenAt: at, DueAt: at}, changed: true}
}

// NothingReported returns a letter which says that nothing was reported from the address, due at once.
func NothingReported(id uuid.UUID, email Email, now time.Time) *Letter {
	l := NewLetter(id, LetterNothing, uuid.Nil, now)
	l.state.Email = email.String()
	return l
}

// RestoreLetter returns the letter as it was stored, unchecked.
func RestoreLetter(s LetterState) *Letter { return &Letter{state: s} }

// State returns the letter as plain data.
func (l *Letter) State() LetterState { return l.state }

// ID returns the identity.
func (l *Letter) ID() uuid.UUID { return l.state.ID }

// Version returns the number of commands that changed the letter; 0 before it was first stored.
func (l *Letter) Version() int64 { return l.state.Version }

// Snapshot returns an independent copy.
func (l *Letter) Snapshot() *Letter { c := *l; return &c }

// Settle ends a command: if it changed the letter the version moves by one. There are no events: what happened is told by
// the issue.
func (l *Letter) Settle() (recorded []Event, changed bool) {
	changed = l.changed
	if changed {
		l.state.Version++
	}
	l.changed = false
	return nil, changed
}

// Due reports whether the mail is to be tried at the instant now.
func (l *Letter) Due(now time.Time) bool { return !micros(now).Before(l.state.DueAt) }

// Attempt begins to mail the letter. Whoever does so has it for himself for as long as hold; if he does not say what became
// of it until then, it is tried again.
func (l *Letter) Attempt(hold time.Duration, now time.Time) {
	l.state.Attempts++
	l.state.DueAt = micros(now.Add(hold))
	l.changed = true
}

// Failed notes that the next attempt is after the wait.
func (l *Letter) Failed(wait time.Duration, now time.Time) {
	l.state.DueAt = micros(now.Add(wait))
	l.changed = true
}

// PutBack takes an attempt back of which nothing left the house: it does not count, and the letter is due as it was before.
// attempt is the count that it had; if somebody else has begun another one meanwhile, nothing changes.
func (l *Letter) PutBack(attempt int, dueAt time.Time) {
	if l.state.Attempts != attempt || attempt == 0 {
		return
	}
	l.state.Attempts--
	l.state.DueAt = micros(dueAt)
	l.changed = true
}
