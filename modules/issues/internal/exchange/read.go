package exchange

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// The columns, in the order in which they are written.
const (
	columnRepository = "repository"
	columnNumber     = "number"
	columnTitle      = "title"
	columnPublished  = "publishedAt"
	columnClosed     = "closed"
	columnClosedAt   = "closedAt"
	columnComments   = "commentCount"
)

// columns are all of them.
var columns = []string{
	columnRepository, columnNumber, columnTitle, columnPublished, columnClosed, columnClosedAt, columnComments,
}

// RowError says what is wrong with a row.
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

// Reader reads issues from a file, one by one. It remembers which there were, in some 50 bytes for each, because none may
// come twice.
type Reader struct {
	file    string
	records *records
	place   map[string]int // of the columns that count
	width   int
	ignored []string
	seen    map[uuid.UUID]int // the line
}

// NewReader returns a reader of r, which is called file in errors. Errors: a first line that does not name every column once;
// what r reports.
func NewReader(r io.Reader, file string) (*Reader, error) {
	reader := &Reader{file: file, records: newRecords(r), place: map[string]int{}, seen: map[uuid.UUID]int{}}
	header, err := reader.records.next()
	var syntax *errSyntax
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s is empty: its first line must name the columns %s", file, strings.Join(columns, ","))
	case errors.As(err, &syntax):
		return nil, &RowError{File: file, Line: syntax.line, Column: syntax.column, Detail: syntax.detail}
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return reader, reader.header(header)
}

func (r *Reader) header(names []field) error {
	r.width = len(names)
	for i, name := range names {
		if !slices.Contains(columns, name.text) {
			r.ignored = append(r.ignored, name.text)
			continue
		}
		if _, twice := r.place[name.text]; twice {
			return &RowError{File: r.file, Line: name.line, Column: name.column, Field: name.text, Detail: "the column comes twice"}
		}
		r.place[name.text] = i
	}
	missing := slices.DeleteFunc(slices.Clone(columns), func(c string) bool { _, there := r.place[c]; return there })
	if len(missing) > 0 {
		return fmt.Errorf("%s is no file of issues: its first line lacks %s", r.file, strings.Join(missing, ", "))
	}
	return nil
}

// Ignored returns the columns that mean nothing here, in the order of the file.
func (r *Reader) Ignored() []string { return r.ignored }

// Next returns the next issue. Errors: io.EOF, *RowError, after which the next row can be read; a quote that is never closed;
// what the file reports.
func (r *Reader) Next() (domain.Foreign, error) {
	record, err := r.records.next()
	var syntax *errSyntax
	switch {
	case errors.As(err, &syntax):
		return domain.Foreign{}, &RowError{File: r.file, Line: syntax.line, Column: syntax.column, Detail: syntax.detail}
	case errors.Is(err, io.EOF):
		return domain.Foreign{}, io.EOF
	case err != nil:
		return domain.Foreign{}, fmt.Errorf("read %s: %w", r.file, err)
	case len(record) != r.width:
		return domain.Foreign{}, &RowError{
			File: r.file, Line: record[0].line, Column: 1,
			Detail: fmt.Sprintf("the row has %d fields instead of %d", len(record), r.width),
		}
	}
	w := row{reader: r, record: record}
	f := w.issue()
	if w.wrong != nil {
		return domain.Foreign{}, w.wrong
	}
	id := f.Origin.ID()
	if line, twice := r.seen[id]; twice {
		w.refuse(columnNumber, "the issue is in line %d already", line)
		return domain.Foreign{}, w.wrong
	}
	r.seen[id] = record[0].line
	return f, nil
}

// row is one row; wrong is the first thing that is wrong with it.
type row struct {
	reader *Reader
	record []field
	wrong  error
}

func (w *row) text(column string) string { return w.record[w.reader.place[column]].text }

func (w *row) refuse(column, format string, args ...any) {
	if w.wrong == nil {
		f := w.record[w.reader.place[column]]
		w.wrong = &RowError{File: w.reader.file, Line: f.line, Column: f.column, Field: column, Detail: fmt.Sprintf(format, args...)}
	}
}

// issue returns what the row says.
func (w *row) issue() domain.Foreign {
	f := domain.Foreign{
		Origin:     domain.Origin{Repository: w.name(columnRepository, domain.MaxRepository), Number: w.count(columnNumber)},
		Title:      w.name(columnTitle, domain.MaxTitle),
		ReportedAt: w.instant(columnPublished),
		Comments:   w.count(columnComments),
	}
	if f.Origin.Number == 0 {
		w.refuse(columnNumber, "it must be above zero")
	}
	closedAt := w.text(columnClosedAt)
	switch closed := w.text(columnClosed); {
	case closed == "" && closedAt != "":
		w.refuse(columnClosedAt, "it must be empty, because closed is")
	case closed == "1" && closedAt == "":
		w.refuse(columnClosedAt, "it must say when, because closed is 1")
	case closed == "1":
		f.ClosedAt = w.instant(columnClosedAt)
		if f.ClosedAt.Before(f.ReportedAt) {
			w.refuse(columnClosedAt, "it lies before %s", columnPublished)
		}
	case closed != "":
		w.refuse(columnClosed, "it must be 1 or empty")
	}
	return f
}

// name reads a text that is not empty.
func (w *row) name(column string, most int) string {
	text := w.text(column)
	switch {
	case text == "":
		w.refuse(column, "it is empty")
	case !utf8.ValidString(text):
		w.refuse(column, "it is no UTF-8")
	case strings.ContainsRune(text, 0):
		w.refuse(column, "it has a NUL character")
	case utf8.RuneCountInString(text) > most:
		w.refuse(column, "it has more than %d characters", most)
	}
	return text
}

var digits = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// count reads a number in plain digits.
func (w *row) count(column string) int64 {
	text := w.text(column)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || !digits.MatchString(text) || n > domain.MaxNumber {
		w.refuse(column, "it must be a number from 0 to %d in plain digits", int64(domain.MaxNumber))
	}
	return n
}

// instant reads a time of RFC 3339 with any offset, to the microsecond.
func (w *row) instant(column string) time.Time {
	t, err := time.Parse(time.RFC3339, w.text(column))
	t = t.UTC().Truncate(time.Microsecond)
	switch {
	case err != nil:
		w.refuse(column, "it must be a time like 2020-10-19T12:46:54Z")
	case t.Year() < 1970 || t.Year() > 9999:
		w.refuse(column, "it must lie in the years 1970 to 9999")
	}
	return t
}
