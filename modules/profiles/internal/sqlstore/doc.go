// Package sqlstore keeps members in SQLite or PostgreSQL.
//
// Each kind of aggregate has a table of its own, one row for each (table.go); rows and aggregates are converted into each
// other by data mappers (accountrow.go and those beside it), so that the domain knows no column and the tables no method.
// Use cases write through the repositories, inside units of work; Views and Credentials read what is committed.
package sqlstore

import (
	"embed"

	"github.com/gavelhq/gavel/platform/db"
)

//go:embed migrations
var files embed.FS

// module names the schema.
const module = "profiles"

// Migrations returns the schema of the module.
func Migrations() db.Migrations { return db.Migrations{Module: module, FS: files} }
