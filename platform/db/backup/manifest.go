// Package backup copies a whole database into one file while it is in use, and back into an empty one.
//
// The file is a ZIP archive: a line of JSON per row and a table per entry, whatever was attached, and manifest.json, which
// describes the rest. It holds no SQL and nothing of either database, so what was saved from SQLite can be restored into
// PostgreSQL and the other way round. Restoring builds the schema by the migrations that the copy was made under, loads
// the rows and then migrates to what the program needs.
package backup

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/schema"
)

// format is the version of the layout that this program writes and the newest that it reads.
const format = 1

const manifestName = "manifest.json"

var (
	// ErrNotEmpty means that a database has rows, which restoring would mix with others.
	ErrNotEmpty = errors.New("the database is not empty: restore into a new one")

	// ErrDamaged means that an archive does not hold what its manifest says.
	ErrDamaged = errors.New("the backup is damaged")

	// ErrNewer means that a newer program made the archive.
	ErrNewer = errors.New("the backup was made by a newer program: restore it with that one")
)

// Manifest describes an archive.
type Manifest struct {
	Format int `json:"format"`
	// Program names what made the archive.
	Program string `json:"program"`
	// Created is when the copying began.
	Created time.Time `json:"created"`
	// Dialect is the database that was copied; it may be restored into another.
	Dialect db.Dialect `json:"dialect"`
	// Schema is the newest migration of each module.
	Schema map[string]int64 `json:"schema"`
	Tables []Table          `json:"tables"`
	Files  []Attachment     `json:"files,omitempty"`
}

// Table describes a table's entry, tables/NAME.ndjson: each line an array of values in the order of Columns. Integers
// and reals are numbers, booleans are 0 and 1, blobs are base64.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Rows    int64    `json:"rows"`
	SHA256  string   `json:"sha256"`
}

// Column is a column of a table.
type Column struct {
	Name string      `json:"name"`
	Kind schema.Kind `json:"kind"`
}

// Attachment describes what was attached, files/NAME.
type Attachment struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Rows returns how many rows all tables have together.
func (m Manifest) Rows() int64 {
	var n int64
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// sameContent reports whether two archives hold the same, whoever made them and when.
func (m Manifest) sameContent(other Manifest) bool {
	return m.Format == other.Format && m.Dialect == other.Dialect && maps.Equal(m.Schema, other.Schema) &&
		slices.EqualFunc(m.Tables, other.Tables, Table.equal) && slices.Equal(m.Files, other.Files)
}

func (t Table) equal(other Table) bool {
	return t.Name == other.Name && t.Rows == other.Rows && t.SHA256 == other.SHA256 && slices.Equal(t.Columns, other.Columns)
}

func tableEntry(name string) string { return "tables/" + name + ".ndjson" }

func fileEntry(name string) string { return "files/" + name }
