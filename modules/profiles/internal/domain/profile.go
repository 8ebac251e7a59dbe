package domain

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// Longest texts of a profile, in characters.
const (
	maxDisplayName = 60
	maxAbout       = 2000
	maxLocation    = 80
)

// Profile is what others see of a member. It has the account's id.
type Profile struct {
	record
	handle      Handle
	displayName string
	about       string
	location    string
	createdAt   time.Time
	deletedAt   time.Time
}

// ProfileState is a profile as plain data for mappers.
type ProfileState struct {
	ID                                   uuid.UUID
	Version                              int64
	Handle, DisplayName, About, Location string
	// CreatedAt is when the member registered, DeletedAt when he was deleted; zero before.
	CreatedAt, DeletedAt time.Time
}

// NewProfile returns the profile of a new member, who is called by his handle until he says otherwise.
func NewProfile(id uuid.UUID, handle Handle, now time.Time) *Profile {
	return &Profile{
		record:      record{id: id, changed: true},
		handle:      handle,
		displayName: handle.String(),
		createdAt:   micros(now),
	}
}

// RestoreProfile returns the profile as it was stored, unchecked.
func RestoreProfile(s ProfileState) *Profile {
	return &Profile{
		record:      record{id: s.ID, version: s.Version},
		handle:      RestoreHandle(s.Handle),
		displayName: s.DisplayName,
		about:       s.About,
		location:    s.Location,
		createdAt:   s.CreatedAt,
		deletedAt:   s.DeletedAt,
	}
}

// State returns the profile as plain data.
func (p *Profile) State() ProfileState {
	return ProfileState{
		ID: p.id, Version: p.version, Handle: p.handle.String(), DisplayName: p.displayName, About: p.about,
		Location: p.location, CreatedAt: p.createdAt, DeletedAt: p.deletedAt,
	}
}

// Snapshot returns an independent copy.
func (p *Profile) Snapshot() *Profile { c := *p; return &c }

// Handle returns the handle.
func (p *Profile) Handle() Handle { return p.handle }

// ProfileText is what a member says of himself.
type ProfileText struct {
	// DisplayName is one line of 1 to 60 characters, Location one of at most 80; About has at most 2,000. Its lines end with
	// a line feed; a carriage return before one, as forms send it, is left out.
	DisplayName, About, Location string
}

// Edit replaces the texts. Errors: the first that applies of ErrInvalidDisplayName, ErrInvalidAbout and ErrInvalidLocation,
// with all of them in the field "errors"; ErrMemberNotFound once deleted.
func (p *Profile) Edit(text ProfileText) error {
	if !p.deletedAt.IsZero() {
		return ErrMemberNotFound
	}
	text.About = strings.ReplaceAll(text.About, "\r\n", "\n")
	err := allOf(
		checkLine(text.DisplayName, 1, maxDisplayName, ErrInvalidDisplayName),
		checkText(text.About, maxAbout, ErrInvalidAbout),
		checkLine(text.Location, 0, maxLocation, ErrInvalidLocation),
	)
	if err != nil {
		return err
	}
	if text == (ProfileText{p.displayName, p.about, p.location}) {
		return nil
	}
	p.displayName, p.about, p.location = text.DisplayName, text.About, text.Location
	p.changed = true
	return nil
}

// Delete removes everything of the person and leaves a pseudonym in his place. Deleting again changes nothing.
func (p *Profile) Delete(now time.Time) {
	if !p.deletedAt.IsZero() {
		return
	}
	p.handle = deletedHandle(p.id)
	p.displayName, p.about, p.location = p.handle.String(), "", ""
	p.deletedAt = micros(now)
	p.changed = true
}
