// Package csvsheet writes CSV that people open in a spreadsheet. A spreadsheet takes a cell that begins like a formula
// for one, whoever wrote it, and runs it on the machine of who opens the file; the texts of such files were typed by
// strangers. What programs read back needs encoding/csv alone.
package csvsheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// begins are the characters that make a spreadsheet take a cell for a formula. It skips a tab or a carriage return that
// stands before another of them.
const begins = "=+-@\t\r"

// Guard returns the cell as a spreadsheet shows it and never computes it: with an apostrophe in front where it would be
// taken for a formula, as it is otherwise. A negative number is guarded too, because -1+cmd|… begins like one.
func Guard(cell string) string {
	if cell != "" && strings.IndexByte(begins, cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// Writer writes rows whose every cell is guarded. It holds back at most a few kilobytes, see Flush.
type Writer struct {
	rows *csv.Writer
}

// NewWriter returns a writer of rows to w, with commas between the cells and a line feed at the end of each row.
func NewWriter(w io.Writer) *Writer {
	return &Writer{rows: csv.NewWriter(w)}
}

// Write writes one row. It does not keep the cells and does not change them. Errors: those of the writer below.
func (w *Writer) Write(cells ...string) error {
	guarded := make([]string, len(cells))
	for i, cell := range cells {
		guarded[i] = Guard(cell)
	}
	return w.rows.Write(guarded)
}

// Flush writes what is held back. Errors: those of the writer below, of earlier rows too.
func (w *Writer) Flush() error {
	w.rows.Flush()
	return w.rows.Error()
}
