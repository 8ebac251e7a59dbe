package replay

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// columns of the public eBay layout.
var columns = []string{"auctionid", "bid", "bidtime", "bidder", "bidderrate", "openbid", "price", "item", "auction_type"}

// layout is the first line that a recording must have.
var layout = strings.Join(columns, ",")

// RowError says what is wrong with a row of a recording.
type RowError struct {
	// File is the name of the file.
	File string
	// Line and Column say where, from 1; the column counts bytes.
	Line, Column int
	// Field is the name of the column; empty when it is about the row as a whole.
	Field string
	// Detail says what is wrong.
	Detail string
}

// Error names file, line, column and field.
func (e *RowError) Error() string {
	field := ""
	if e.Field != "" {
		field = " (" + e.Field + ")"
	}
	return fmt.Sprintf("%s: line %d, column %d%s: %s", e.File, e.Line, e.Column, field, e.Detail)
}

// ReadCSV reads a recording in the public eBay layout. Rows that make no sense are an error, or left out and counted if
// skipBad is set. Where the rows of an auction disagree about it, the first decides.
//
// Errors: *RowError, a file that is not in this layout or has no bid, or what r reports.
func ReadCSV(r io.Reader, file string, skipBad bool) (*Recording, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = len(columns)
	if err := readLayout(rows, file); err != nil {
		return nil, err
	}
	recording := &reading{Recording: Recording{File: file}, index: map[string]int{}}
	for {
		err := recording.next(rows)
		var bad *RowError
		switch {
		case errors.Is(err, io.EOF):
			return recording.done()
		case errors.As(err, &bad) && skipBad:
			recording.BadRows++
		case err != nil:
			return nil, err
		}
	}
}

// readLayout reads the first line.
func readLayout(rows *csv.Reader, file string) error {
	first, err := rows.Read()
	switch {
	case err == io.EOF:
		return fmt.Errorf("%s is empty: its first line must be %q", file, layout)
	case err != nil && !isSyntax(err):
		return fmt.Errorf("read %s: %w", file, err)
	case strings.Join(first, ",") == layout:
		return nil
	}
	return fmt.Errorf("%s is not in the public eBay layout: its first line must be %q and is %q",
		file, layout, shortened(strings.Join(first, ",")))
}

// isSyntax reports whether err is about what the file says rather than about reading it.
func isSyntax(err error) bool {
	var syntax *csv.ParseError
	return errors.As(err, &syntax)
}

// shortened cuts what somebody wrote to what fits into a message.
func shortened(text string) string {
	const most = 100
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// reading is a recording that is being read.
type reading struct {
	Recording
	index map[string]int // of an auction, by what the file calls it
}

// next reads one row. Errors: io.EOF, *RowError, or what the file reports.
func (r *reading) next(rows *csv.Reader) error {
	fields, err := rows.Read()
	var syntax *csv.ParseError
	switch {
	case err == nil:
		return r.add(row{rows: rows, file: r.File, fields: fields})
	case errors.Is(err, csv.ErrFieldCount) && errors.As(err, &syntax):
		detail := fmt.Sprintf("the row has %d fields instead of %d", len(fields), len(columns))
		return &RowError{File: r.File, Line: syntax.StartLine, Column: 1, Detail: detail}
	case errors.As(err, &syntax):
		return &RowError{File: r.File, Line: syntax.Line, Column: syntax.Column, Detail: syntax.Err.Error()}
	case err == io.EOF:
		return err
	default:
		return fmt.Errorf("read %s: %w", r.File, err)
	}
}

func (r *reading) add(row row) error {
	auction, bid, err := row.read()
	if err != nil {
		return err
	}
	i, known := r.index[auction.ID]
	if !known {
		i = len(r.Auctions)
		r.index[auction.ID] = i
		r.Auctions = append(r.Auctions, auction)
	}
	bid.Auction = i
	r.Bids = append(r.Bids, bid)
	return nil
}

// done returns the whole recording.
func (r *reading) done() (*Recording, error) {
	switch {
	case len(r.Bids) == 0 && r.BadRows > 0:
		return nil, fmt.Errorf("%s has no bid: all of its %d rows are bad", r.File, r.BadRows)
	case len(r.Bids) == 0:
		return nil, fmt.Errorf("%s has no bid: there must be rows of %q after the first line", r.File, layout)
	}
	sorted(r.Bids)
	return &r.Recording, nil
}
