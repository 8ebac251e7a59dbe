package sqlstore

import (
	"slices"

	"github.com/gavelhq/gavel/platform/db"
)

// listingSQL are the statements of the listings' store. Their texts never change, so that every connection keeps them
// prepared.
type listingSQL struct {
	load, loadLocked, committed string

	check, insertListings, updateBidding, updateStanding, updateTerms, writeTexts, insertLog db.RowStatement
}

// The columns of rows that travel to the database; those called "loaded" are compared, not written.
var (
	idColumn     = db.Columns{{Name: "id", Type: db.UUID}}
	textsVersion = db.Columns{{Name: "texts_version", Type: db.Int}}
	loaded       = db.Columns{{Name: "loaded", Type: db.Int}}

	addedColumns    = slices.Concat(idColumn, textsVersion, termsColumns, standingColumns)
	changedBidding  = slices.Concat(idColumn, loaded, biddingColumns)
	changedStanding = slices.Concat(idColumn, loaded, standingColumns)
	changedTerms    = slices.Concat(idColumn, loaded, textsVersion, termsColumns, standingColumns)

	textsColumns = db.Columns{
		{Name: "listing_id", Type: db.UUID},
		{Name: "version", Type: db.Int},
		{Name: "description", Type: db.Text},
		{Name: "additions", Type: db.Text},
	}
)

// selectListing is the beginning of queries for whole listings. The texts are joined from outside the subquery that
// locks, so that their rows are not locked as well.
func selectListing(heads string) string {
	return `
		SELECT ` + addedColumns.Names() + `, texts_found, description, additions
		FROM (` + heads + `) AS heads
		JOIN (SELECT listing_id, version AS texts_found, description, additions FROM listing_texts) AS texts ON listing_id = id`
}

func newListingSQL(d db.Dialect) listingSQL {
	heads := `
			SELECT ` + addedColumns.Names() + `
			FROM listings
			WHERE ` + d.In("id", "$1")
	return listingSQL{
		load:           selectListing(heads),
		loadLocked:     selectListing(heads + ` ORDER BY id` + d.ForUpdate()),
		check:          newCheck(d, slices.Concat(idColumn, loaded)),
		insertListings: db.InsertRows(d, "listings", addedColumns, ""),
		updateStanding: newUpdate(d, changedStanding, func(value func(string) string) string {
			return assign(standingColumns, value)
		}),
		updateBidding: newUpdate(d, changedBidding, func(value func(string) string) string {
			return assign(biddingColumns, value)
		}),
		updateTerms: newUpdate(d, changedTerms, func(value func(string) string) string {
			return `texts_version = coalesce(` + value("texts_version") + `, listings.texts_version), ` +
				assign(slices.Concat(termsColumns, standingColumns), value)
		}),
		writeTexts: db.InsertRows(d, "listing_texts", textsColumns, `
			ON CONFLICT (listing_id) DO UPDATE
			SET version = excluded.version, description = excluded.description, additions = excluded.additions`),
		insertLog: db.InsertRows(d, "listing_log", eventColumns, ""),
		committed: `
			SELECT command_id
			FROM listing_log
			WHERE ` + d.In("command_id", "$1"),
	}
}
