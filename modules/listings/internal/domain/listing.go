package domain

import (
	"bytes"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Listing is the aggregate: one thing that one seller offers. Its methods are the commands; each checks everything
// first, so that a refusal has changed nothing. It is not safe for concurrent use: the unit of work gives every command
// a copy of its own.
type Listing struct {
	state    State
	recorded []Event // since Settle
	changed  bool    // since Settle
}

// RestoreListing returns the listing as it was stored, unchecked.
func RestoreListing(s State) *Listing { return &Listing{state: s} }

// State returns the listing as plain data. What it refers to is shared and must not be modified.
func (l *Listing) State() State { return l.state }

// ID returns the listing's identity.
func (l *Listing) ID() uuid.UUID { return l.state.ID }

// Version returns the number of commands that changed the listing; 0 before it was first stored.
func (l *Listing) Version() int64 { return l.state.Version }

// Snapshot returns an independent copy. It costs the same however long the listing's history is: whatever the state
// refers to is replaced when it changes, never modified.
func (l *Listing) Snapshot() *Listing {
	c := *l
	c.recorded = slices.Clone(l.recorded)
	return &c
}

// Settle ends a command: if it changed the listing the version moves by one. It hands over, and forgets, the events
// recorded since the last call.
func (l *Listing) Settle() (recorded []Event, changed bool) {
	recorded, changed = l.recorded, l.changed
	if changed {
		l.state.Version++
	}
	l.recorded, l.changed = nil, false
	return recorded, changed
}

// Appended returns the event that was appended last since Settle, and whether there is one.
func (l *Listing) Appended() (Event, bool) {
	if len(l.recorded) == 0 {
		return Event{}, false
	}
	return l.recorded[len(l.recorded)-1], true
}

// VisibleTo tells whether the member may know of the listing at all: a draft is its seller's alone, moderators not
// excepted. Errors: ErrListingNotFound.
func (l *Listing) VisibleTo(member uuid.UUID) error {
	if l.state.Status == StatusDraft && l.state.Seller != member {
		return ErrListingNotFound
	}
	return nil
}

// stamp is the instant of a command: now, or the last event's if the clock went back.
func (l *Listing) stamp(now time.Time) time.Time { return later(micros(now), l.state.Head.At) }

// statusAt returns the status at a stamp.
func (l *Listing) statusAt(at time.Time) Status { return l.state.Phase().At(at) }

// owned refuses whoever is not the seller.
func (l *Listing) owned(by Actor) error {
	switch {
	case l.state.Seller == by.ID:
		return nil
	case l.state.Status == StatusDraft:
		return ErrListingNotFound
	default:
		return ErrNotOwner
	}
}

// ownedOrModerated refuses whoever is neither the seller nor a moderator.
func (l *Listing) ownedOrModerated(by Actor) error {
	if by.Moderator {
		return l.VisibleTo(by.ID)
	}
	return l.owned(by)
}

// moderated refuses whoever is no moderator.
func (l *Listing) moderated(by Actor) error {
	if err := l.VisibleTo(by.ID); err != nil {
		return err
	}
	if !by.Moderator {
		return ErrNotModerator
	}
	return nil
}

// role is the part in which somebody who passed ownedOrModerated acts.
func (l *Listing) role(by Actor) Role {
	if l.state.Seller == by.ID {
		return RoleSeller
	}
	return RoleModerator
}

// biddable refuses what bids and withdrawals need: a listing that is open at the stamp and not frozen.
func (l *Listing) biddable(at time.Time) error {
	switch {
	case l.state.Frozen:
		return ErrListingFrozen
	case l.statusAt(at) != StatusOpen:
		return ErrListingNotOpen
	default:
		return nil
	}
}

// running refuses what needs a listing that is scheduled or open at the stamp and not frozen.
func (l *Listing) running(at time.Time) error {
	if l.statusAt(at) == StatusScheduled && !l.state.Frozen {
		return nil
	}
	return l.biddable(at)
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
