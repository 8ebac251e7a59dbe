package sqlstore

import (
	"slices"
	"strings"

	"github.com/gavelhq/gavel/platform/db"
)

// listingSQL are the statements of the listings' store. Each has one text, whatever the number of rows, so that every
// connection keeps it prepared.
type listingSQL struct {
	load, loadLocked            string
	insertListings              string
	updateStanding, updateTerms string
	writeTexts                  string
	insertLog                   string
	committed                   string
}

// The columns of rows that travel to the database; those called "loaded" are compared, not written.
var (
	idColumn     = db.Columns{{Name: "id", Type: db.UUID}}
	textsVersion = db.Columns{{Name: "texts_version", Type: db.Int}}
	loaded       = db.Columns{{Name: "loaded", Type: db.Int}}

	addedColumns    = slices.Concat(idColumn, textsVersion, termsColumns, standingColumns)
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
		load:       selectListing(heads),
		loadLocked: selectListing(heads + ` ORDER BY id` + d.ForUpdate()),
		insertListings: `
			INSERT INTO listings (` + addedColumns.Names() + `)
			SELECT ` + addedColumns.Names() + `
			FROM ` + addedColumns.Table(d, "new"),
		updateStanding: `
			UPDATE listings
			SET ` + assign(standingColumns) + `
			FROM ` + changedStanding.Table(d, "new") + `
			WHERE listings.id = new.id AND listings.version = new.loaded`,
		updateTerms: `
			UPDATE listings
			SET texts_version = coalesce(new.texts_version, listings.texts_version), ` +
			assign(termsColumns) + `, ` + assign(standingColumns) + `
			FROM ` + changedTerms.Table(d, "new") + `
			WHERE listings.id = new.id AND listings.version = new.loaded`,
		writeTexts: `
			INSERT INTO listing_texts (` + textsColumns.Names() + `)
			SELECT ` + textsColumns.Names() + `
			FROM ` + textsColumns.Table(d, "new") + `
			WHERE true
			ON CONFLICT (listing_id) DO UPDATE
			SET version = excluded.version, description = excluded.description, additions = excluded.additions`,
		insertLog: `
			INSERT INTO listing_log (` + eventColumns.Names() + `)
			SELECT ` + eventColumns.Names() + `
			FROM ` + eventColumns.Table(d, "new"),
		committed: `
			SELECT command_id
			FROM listing_log
			WHERE ` + d.In("command_id", "$1"),
	}
}

// assign returns the assignments of an UPDATE from new.
func assign(columns db.Columns) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c.Name + " = new." + c.Name
	}
	return strings.Join(parts, ", ")
}
