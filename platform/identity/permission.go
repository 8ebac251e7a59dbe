package identity

import "slices"

// Role is what somebody is in the house. Whoever has an account is a Member; other roles are granted.
type Role string

// The roles. None contains another: a permission names all that hold it.
const (
	Guest     Role = "guest"     // not signed in
	Member    Role = "member"    // has an account
	Agent     Role = "agent"     // works at the help desk
	Lead      Role = "lead"      // leads the help desk
	Moderator Role = "moderator" // keeps order in the market
	Admin     Role = "admin"     // runs the house
)

// Granted are the roles that an admin can give to a member.
var Granted = []Role{Agent, Lead, Moderator, Admin}

// Permission is leave to do one kind of thing. Modules declare theirs as variables with NewPermission and check callers
// against them, never against roles.
type Permission struct {
	name  string
	about string
	roles []Role
}

// NewPermission returns the permission of that name, such as "listings.bid", which the roles hold. About completes the
// sentence "allows to". The name is stable: API tokens keep it as their scope.
func NewPermission(name, about string, roles ...Role) Permission {
	return Permission{name: name, about: about, roles: roles}
}

// Name returns the name, which is also the scope that a token needs.
func (p Permission) Name() string { return p.name }

// About completes the sentence "allows to".
func (p Permission) About() string { return p.about }

// Roles returns a copy of the roles that hold it.
func (p Permission) Roles() []Role { return slices.Clone(p.roles) }

// HeldBy reports whether one of the roles holds it.
func (p Permission) HeldBy(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(p.roles, r) })
}
