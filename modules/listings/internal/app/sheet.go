package app

import (
	"iter"
	"time"
)

// SheetName names a sheet.
type SheetName string

// The sheets.
const (
	SheetLots    SheetName = "lots"
	SheetBids    SheetName = "bids"
	SheetWinners SheetName = "winners"
	SheetDues    SheetName = "dues"
)

// Sheet is a table that is read from its first row to its last, once.
type Sheet struct {
	// Columns are what stands in each row.
	Columns []Column
	// Rows are those, with a cell for each column. An error is the last; then the sheet is not whole.
	Rows iter.Seq2[[]Cell, error]
}

// Column is a column of a sheet.
type Column struct {
	// Name is for programs, Title for people.
	Name, Title string
	// Number says that the cells hold numbers.
	Number bool
}

// Cell is one cell: an instant, or else a text, which anybody may have written.
type Cell struct {
	At   time.Time
	Text string
}

// rowsReader reads the next rows, and whether there are more.
type rowsReader func() (rows [][]Cell, more bool, err error)

// newSheet returns the sheet whose rows are read portion by portion. The first one is read at once, so that what cannot be
// answered is refused. Errors: those of read.
func newSheet(columns []Column, read rowsReader) (Sheet, error) {
	rows, more, err := read()
	if err != nil {
		return Sheet{}, err
	}
	return Sheet{Columns: columns, Rows: func(yield func([]Cell, error) bool) {
		for {
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if !more {
				return
			}
			if rows, more, err = read(); err != nil {
				yield(nil, err)
				return
			}
		}
	}}, nil
}

func text(s string) Cell        { return Cell{Text: s} }
func instant(at time.Time) Cell { return Cell{At: at} }
