package audit

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/fault"
)

const (
	// MaxReason is the longest reason, in characters.
	MaxReason = 1000
	// maxAct is the longest name of an act, in bytes.
	maxAct = 100
)

var (
	// ErrInvalidReason refuses a reason.
	ErrInvalidReason = fault.New(fault.Invalid, "invalid_reason",
		"A reason has at most 1000 characters, all on one line.").With("field", "reason")
	// ErrIncomplete is returned for an entry that does not say who did what: our mistake, not the actor's.
	ErrIncomplete = errors.New("this is no entry for the audit log")
	// ErrEntryExists is what becomes of a unit that records an entry under an id that is in the log.
	ErrEntryExists = errors.New("the audit log has an entry with that id already")
)

// CheckReason tells whether a text may be the reason of an entry; empty it may be. Errors: ErrInvalidReason.
func CheckReason(reason string) error {
	if !plain(reason) {
		return ErrInvalidReason
	}
	return nil
}

// ValidAct reports whether a text can be the name of an act.
func ValidAct(text string) bool {
	return text != "" && len(text) <= maxAct && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz_.") == ""
}

// plain reports whether a text is short enough and can be shown on one line.
func plain(text string) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= MaxReason && !strings.ContainsFunc(text, unicode.IsControl)
}

// Line is an entry as a unit of work keeps it: an aggregate that is added and never changes. Stores are made of lines; all
// others deal in entries.
type Line struct {
	entry   Entry
	version int64
}

// NewLine checks an entry and returns a line that is to be added. Errors: ErrInvalidReason, ErrIncomplete.
func NewLine(entry Entry) (*Line, error) {
	if err := CheckReason(entry.Reason); err != nil {
		return nil, err
	}
	switch {
	case !ValidAct(entry.Act):
		return nil, fmt.Errorf("%w: %q is no act", ErrIncomplete, entry.Act)
	case entry.At.IsZero():
		return nil, fmt.Errorf("%w: %s has no instant", ErrIncomplete, entry.Act)
	case !plain(entry.Detail):
		return nil, fmt.Errorf("%w: the detail of %s is too long or has control characters", ErrIncomplete, entry.Act)
	}
	if entry.ID == uuid.Nil {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, fmt.Errorf("make the id of an audit entry: %w", err)
		}
		entry.ID = id
	}
	entry.At = clock.Micros(entry.At)
	return &Line{entry: entry}, nil
}

// RestoreLine returns the line of an entry that is stored.
func RestoreLine(entry Entry) *Line { return &Line{entry: entry, version: 1} }

// Entry returns the entry.
func (l *Line) Entry() Entry { return l.entry }

// ID returns the entry's id.
func (l *Line) ID() uuid.UUID { return l.entry.ID }

// Version returns 0 before the line was first stored, then 1.
func (l *Line) Version() int64 { return l.version }

// Snapshot returns an independent copy.
func (l *Line) Snapshot() *Line {
	c := *l
	return &c
}

// Settle ends the command that added the line. There are no events.
func (l *Line) Settle() (recorded []struct{}, changed bool) {
	changed = l.version == 0
	l.version = 1
	return nil, changed
}
