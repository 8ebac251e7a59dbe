package domain

import (
	"slices"

	"github.com/google/uuid"
)

// Actor is who gives a command, or asks to read. The edge has checked what his permissions allow.
type Actor struct {
	// ID is the member; zero for a visitor.
	ID uuid.UUID
	// Staff says that he works at the help desk.
	Staff bool
	// Lead says that he gives work to others, and may do what their assignees may.
	Lead bool

	follows uuid.UUID // the issue that the visitor has shown the link of
}

// Role says in which part the actor of an event acted.
type Role string

// The roles.
const (
	RoleReporter    Role = "reporter"
	RoleParticipant Role = "participant"
	RoleStaff       Role = "staff"
	RoleHouse       Role = "house" // nobody: the clock, the import, what follows from something else
)

// Audience is who reads. Nobody but these reads an issue.
type Audience string

// The audiences.
const (
	AudienceStaff       Audience = "staff"       // sees everything
	AudienceReporter    Audience = "reporter"    // sees what is public
	AudienceParticipant Audience = "participant" // sees what is public, but not who reported
)

// Readers is who may read an issue. Whoever it is about is not among them, not even as staff, unless he reported it: he
// would learn who did.
type Readers struct {
	// Issue is the issue, State its state.
	Issue uuid.UUID
	State State
	// Reporter is the member who reported it; zero for a visitor.
	Reporter uuid.UUID
	// Accused is the member whom it is about; zero for nobody.
	Accused uuid.UUID
	// Participants are the members who were involved.
	Participants []uuid.UUID
}

// Audience returns as what somebody may read the issue. Errors: ErrIssueNotFound when he may not.
func (r Readers) Audience(by Actor) (Audience, error) {
	known := by.ID != uuid.Nil
	switch {
	case r.State == StateUnconfirmed:
		return "", ErrIssueNotFound
	case known && by.ID == r.Reporter && by.Staff, known && by.ID != r.Accused && by.Staff:
		return AudienceStaff, nil
	case known && by.ID == r.Reporter, by.follows != uuid.Nil && by.follows == r.Issue:
		return AudienceReporter, nil
	case known && by.ID != r.Accused && slices.Contains(r.Participants, by.ID):
		return AudienceParticipant, nil
	default:
		return "", ErrIssueNotFound
	}
}

// role is the part in which somebody acts, unless it is what staff alone may do: whoever reported an issue is no staff when
// he speaks about it.
func (r Readers) role(by Actor) (Role, error) {
	audience, err := r.Audience(by)
	switch {
	case err != nil:
		return "", err
	case audience == AudienceStaff && by.ID == r.Reporter:
		return RoleReporter, nil
	case audience == AudienceStaff:
		return RoleStaff, nil
	case audience == AudienceReporter:
		return RoleReporter, nil
	default:
		return RoleParticipant, nil
	}
}
