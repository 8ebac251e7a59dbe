// Package sqlstore keeps listings in SQLite or PostgreSQL.
//
// Rows and aggregates are converted into each other by data mappers (listingrow.go, eventrow.go), so that the domain
// knows no column and the tables no method. Listings and Allowances are what use cases write through, inside units of
// work; Views, Ledger, Schedule and Dealings read what is committed.
//
// A bid costs PostgreSQL one statement, however many bids there are and wherever else its unit of work looks: it updates
// the hot columns of the listing, if that is at the version from which the bid was judged, and adds one row to the log and one
// to the outbox. SQLite runs these one by one. Where the listing is not remembered it is read before.
package sqlstore

import (
	"embed"

	"github.com/gavelhq/gavel/platform/db"
)

//go:embed migrations
var files embed.FS

// module names the schema.
const module = "listings"

// Migrations returns the schema of the module.
func Migrations() db.Migrations { return db.Migrations{Module: module, FS: files} }
