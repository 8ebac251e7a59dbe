package profilesapi

import "github.com/gavelhq/gavel/platform/identity"

// What the module lets callers do. Every member may manage what is his own.
var (
	// ReadOwn: read the own account, its settings and what it did.
	ReadOwn = identity.NewPermission("account.read", "read your account, profile and settings", identity.Member)
	// EditProfile: change the own profile, settings and blocks.
	EditProfile = identity.NewPermission("profile.edit", "edit your profile, notification settings and blocks", identity.Member)
	// ManageAccount: change password and e-mail address, see and revoke sessions and tokens, export, delete. Tokens cannot
	// have it: whoever finds one must not be able to take the account over.
	ManageAccount = identity.NewPermission("account.manage", "change password and e-mail address, manage sessions and tokens, export and delete your account", identity.Member)
	// ReadMembers: the list of members with their e-mail addresses.
	ReadMembers = identity.NewPermission("members.read", "list members with their e-mail addresses", identity.Agent, identity.Lead, identity.Moderator, identity.Admin)
	// ModerateMembers: suspend and reinstate.
	ModerateMembers = identity.NewPermission("members.moderate", "suspend and reinstate members", identity.Moderator, identity.Admin)
	// AdministerMembers: approve, invite, verify by hand, grant and withdraw roles.
	AdministerMembers = identity.NewPermission("members.administer", "approve, invite and verify members, grant and withdraw roles", identity.Admin)
	// ReadAudit: the record of what moderators and admins did.
	ReadAudit = identity.NewPermission("audit.read", "read the audit log", identity.Admin)
)
