package exchange

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// maxField is how many bytes a field may have; no title, however it is written, comes near.
const maxField = 64 << 10

// field is a field of a record, and where it begins; the column counts bytes.
type field struct {
	text         string
	line, column int
	quoted       bool
}

// records splits CSV (RFC 4180) into records and fields without changing a byte of what is in them.
type records struct {
	in           *bufio.Reader
	line, column int // of the next byte, from 1
}

func newRecords(r io.Reader) *records {
	in := bufio.NewReaderSize(r, 64<<10)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" { // which spreadsheets put there
		_, _ = in.Discard(3) // they are in the buffer
	}
	return &records{in: in, line: 1, column: 1}
}

// errSyntax is what is wrong with a record, which was read to its end all the same.
type errSyntax struct {
	line, column int
	detail       string
}

func (e *errSyntax) Error() string { return e.detail }

// errOpen says that a quote is never closed, so that nobody knows where the record ends.
var errOpen = errors.New("the quote is never closed")

// next returns the next record that is no empty line. Errors: io.EOF, *errSyntax for the first thing that is wrong with it,
// errOpen, what the file reports.
func (r *records) next() ([]field, error) {
	for {
		record, err := r.record()
		if err != nil || len(record) != 1 || record[0].text != "" || record[0].quoted {
			return record, err
		}
	}
}

// record returns the next line, which may be empty.
func (r *records) record() ([]field, error) {
	var record []field
	var wrong *errSyntax
	for {
		f, end, err := r.field(&wrong)
		if err != nil {
			return nil, err
		}
		record = append(record, f)
		switch end {
		case ',':
			continue
		case endOfFile:
			if len(record) == 1 && f.text == "" && !f.quoted {
				return nil, io.EOF
			}
		}
		if wrong != nil {
			return record, wrong
		}
		return record, nil
	}
}

// endOfFile ends a field, as a comma and a line feed do.
const endOfFile = 0

// field reads one field with what ends it. The first thing that is wrong is kept in wrong.
func (r *records) field(wrong **errSyntax) (f field, end byte, err error) {
	f = field{line: r.line, column: r.column}
	refuse := func(detail string) {
		if *wrong == nil {
			*wrong = &errSyntax{line: f.line, column: f.column, detail: detail}
		}
	}
	var text []byte
	add := func(b byte) {
		if len(text) == maxField {
			refuse(fmt.Sprintf("the field has more than %d bytes", maxField))
			return
		}
		text = append(text, b)
	}
	inQuotes, closed := false, false
	for first := true; ; first = false {
		b, err := r.read()
		switch {
		case err == io.EOF && inQuotes:
			return f, 0, fmt.Errorf("line %d, column %d: %w", f.line, f.column, errOpen)
		case err == io.EOF:
			f.text = string(text)
			return f, endOfFile, nil
		case err != nil:
			return f, 0, err
		case inQuotes && b != '"':
			add(b)
		case inQuotes:
			if next, _ := r.in.Peek(1); len(next) == 1 && next[0] == '"' {
				_, _ = r.read() // it is in the buffer
				add('"')
				continue
			}
			inQuotes, closed = false, true
		case b == '"' && first:
			inQuotes, f.quoted = true, true
		case b == ',' || b == '\n':
			f.text = string(text)
			return f, b, nil
		case b == '\r' && r.lineEnds():
		case closed:
			refuse("there is something between the quote that ends the field and the comma")
		case b == '"':
			refuse("there is a quote inside a field without quotes")
		default:
			add(b)
		}
	}
}

// lineEnds reports whether what follows is the line feed, or nothing at all.
func (r *records) lineEnds() bool {
	next, err := r.in.Peek(1)
	return err == nil && next[0] == '\n'
}

func (r *records) read() (byte, error) {
	b, err := r.in.ReadByte()
	switch {
	case err != nil:
	case b == '\n':
		r.line, r.column = r.line+1, 1
	default:
		r.column++
	}
	return b, err
}
