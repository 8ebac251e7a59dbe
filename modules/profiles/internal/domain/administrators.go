package domain

import (
	"slices"

	"github.com/google/uuid"
)

// AdministratorsID is the identity of the one Administrators.
var AdministratorsID = uuid.MustParse("3d5f2c1a-8f5e-5a83-8a53-1c0e5b7a9d05")

// Administrators are who runs the house. They are an aggregate of their own because two rules are about all of them:
// there is never none again, and only where there is none may the first be set up. Granting or withdrawing the role
// changes the account and this, in one unit of work.
type Administrators struct {
	record
	members []uuid.UUID
}

// AdministratorsState are the administrators as plain data for mappers.
type AdministratorsState struct {
	Version int64
	// Members have the role, sorted.
	Members []uuid.UUID
}

// NewAdministrators returns the administrators of a house that has none.
func NewAdministrators() *Administrators {
	return &Administrators{record: record{id: AdministratorsID, changed: true}}
}

// RestoreAdministrators returns them as they were stored, unchecked.
func RestoreAdministrators(s AdministratorsState) *Administrators {
	return &Administrators{record: record{id: AdministratorsID, version: s.Version}, members: slices.Clone(s.Members)}
}

// State returns them as plain data.
func (a *Administrators) State() AdministratorsState {
	return AdministratorsState{Version: a.version, Members: slices.Clone(a.members)}
}

// Snapshot returns an independent copy.
func (a *Administrators) Snapshot() *Administrators {
	c := *a
	c.members = slices.Clone(a.members)
	return &c
}

// Found appoints the first one. Errors: ErrAlreadySetUp.
func (a *Administrators) Found(member uuid.UUID) error {
	if len(a.members) > 0 {
		return ErrAlreadySetUp
	}
	a.Appoint(member)
	return nil
}

// Appoint adds a member; adding one twice changes nothing.
func (a *Administrators) Appoint(member uuid.UUID) {
	if slices.Contains(a.members, member) {
		return
	}
	a.members = append(a.members, member)
	slices.SortFunc(a.members, func(x, y uuid.UUID) int { return slices.Compare(x[:], y[:]) })
	a.changed = true
}

// Dismiss removes a member; removing one who is none changes nothing. Errors: ErrLastAdmin.
func (a *Administrators) Dismiss(member uuid.UUID) error {
	if !slices.Contains(a.members, member) {
		return nil
	}
	if len(a.members) == 1 {
		return ErrLastAdmin
	}
	a.members = slices.DeleteFunc(a.members, func(m uuid.UUID) bool { return m == member })
	a.changed = true
	return nil
}
