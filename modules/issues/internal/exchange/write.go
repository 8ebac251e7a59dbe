package exchange

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/csvsheet"
)

// Writer writes issues as Reader reads them: the same issues are the same bytes. Lines end with a line feed.
type Writer struct {
	rows  *csv.Writer
	guard func(cell string) string
}

// NewWriter returns a writer to w. For a spreadsheet cells that it would take for formulas have an apostrophe before them, and
// can not be read back as they were. Errors: those of w.
func NewWriter(w io.Writer, spreadsheet bool) (*Writer, error) {
	writer := &Writer{rows: csv.NewWriter(w), guard: func(cell string) string { return cell }}
	if spreadsheet {
		writer.guard = csvsheet.Guard
	}
	return writer, writer.rows.Write(columns)
}

// instants are written in UTC, with as much of a fraction as there is.
const instants = "2006-01-02T15:04:05.999999Z"

// Write writes one issue. Errors: those of the writer below.
func (w *Writer) Write(f domain.Foreign) error {
	closed, closedAt := "", ""
	if !f.ClosedAt.IsZero() {
		closed, closedAt = "1", f.ClosedAt.UTC().Format(instants)
	}
	cells := []string{
		f.Origin.Repository, strconv.FormatInt(f.Origin.Number, 10), f.Title, f.ReportedAt.UTC().Format(instants), closed, closedAt,
		strconv.FormatInt(f.Comments, 10),
	}
	for i, cell := range cells {
		cells[i] = w.guard(cell)
	}
	return w.rows.Write(cells)
}

// Flush writes what is held back. Errors: those of the writer below, of earlier rows too.
func (w *Writer) Flush() error {
	w.rows.Flush()
	return w.rows.Error()
}
