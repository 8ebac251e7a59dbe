// Package sqlstore keeps issues in SQLite or PostgreSQL.
//
// The head of an issue is a row of issues, which every command rewrites; what happened is rows of issue_events, which are
// only ever added, so that a command costs the same however long the history is. Beside them are the words under which an
// issue is found, which members were involved, and the repository and number under which it is known elsewhere.
//
// What there is:
//
//   - Migrations: the schema.
//   - NewIssues: the domain.Repository. It needs the name under which issues that were reported here are exported.
//   - NewViews: the app.Views.
//   - NewSchedule: the app.Schedule and the app.Assignments.
//   - NewRegister: the app.Register.
package sqlstore

import (
	"embed"

	"github.com/gavelhq/gavel/platform/db"
)

//go:embed migrations
var files embed.FS

// module names the schema.
const module = "issues"

// Migrations returns the schema of the module.
func Migrations() db.Migrations { return db.Migrations{Module: module, FS: files} }
