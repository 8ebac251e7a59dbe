package issuesapi

import "github.com/gavelhq/gavel/platform/identity"

// What the module lets callers do; beyond that it depends on the part that somebody has in an issue.
var (
	// Report: report issues, also without an account.
	Report = identity.NewPermission("issues.report", "report issues", identity.Guest, identity.Member)
	// Follow: read, comment on and reopen the issues that one reported or takes part in. A guest does so by the link that he
	// was mailed.
	Follow = identity.NewPermission("issues.follow", "read, comment on and reopen the issues that you take part in", identity.Guest, identity.Member)
	// Work: read all issues and their internal notes, and do with them whatever does not need Assign.
	Work = identity.NewPermission("issues.work", "work on issues and read internal notes", identity.Agent, identity.Lead, identity.Admin)
	// Assign: give issues to others, and act on those that are assigned to others.
	Assign = identity.NewPermission("issues.assign", "assign issues to others and act in their place", identity.Lead, identity.Admin)
)
