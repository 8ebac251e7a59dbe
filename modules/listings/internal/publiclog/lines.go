package publiclog

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine is more than the longest line can have: a description of domain.MaxDescription characters, each escaped.
const maxLine = 1 << 20

// ErrNotALog says that a file is no public log.
var ErrNotALog = errors.New("not a public log: its first line must be that of the format " + LogFormat)

func notALog(cause error) error {
	if errors.Is(cause, io.EOF) {
		return fmt.Errorf("%w: the file is empty", ErrNotALog)
	}
	return fmt.Errorf("%w: %w", ErrNotALog, cause)
}

// malformedError says that a line cannot be understood.
type malformedError struct{ text string }

func (e *malformedError) Error() string { return e.text }

func malformedf(format string, args ...any) error {
	return &malformedError{text: fmt.Sprintf(format, args...)}
}

// asMalformed returns the malformed line that err speaks of, with its number; nil for other errors.
func asMalformed(err error, line int) error {
	var malformed *malformedError
	if !errors.As(err, &malformed) {
		return nil
	}
	return fmt.Errorf("line %d: %w", line, malformed)
}

// lineWriter writes values as lines of JSON.
type lineWriter struct{ encoder *json.Encoder }

func newLineWriter(w io.Writer) lineWriter {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return lineWriter{encoder}
}

func (w lineWriter) write(v any) error { return w.encoder.Encode(v) }

// lineReader reads lines of JSON that a lineWriter wrote.
type lineReader struct {
	scanner *bufio.Scanner
	number  int // of the line read last, from 1
}

func newLineReader(r io.Reader) *lineReader {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, maxLine)
	return &lineReader{scanner: scanner}
}

// read reads the next line into v. Errors: io.EOF, *malformedError, or what the file reports.
func (r *lineReader) read(v any) error {
	if err := r.next(); err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(r.scanner.Bytes()))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return malformedf("it cannot be read: %v", err)
	}
	return nil
}

// next goes to the next line. Empty ones at the end of the file are not counted as lines: editors and shells put them
// there, and they say nothing. Errors: as read.
func (r *lineReader) next() error {
	r.number++
	for empty := false; r.scanner.Scan(); empty = true {
		switch {
		case len(r.scanner.Bytes()) == 0:
		case empty:
			return malformedf("it is empty, and others follow")
		default:
			return nil
		}
	}
	switch err := r.scanner.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return malformedf("it has more than %d bytes", maxLine)
	case err != nil:
		return err
	default:
		return io.EOF
	}
}

// says checks that the line read last is what a lineWriter writes for v: no field twice, none left out, nothing written
// in another way. Errors: *malformedError.
func (r *lineReader) says(v any) error {
	var again bytes.Buffer
	if err := newLineWriter(&again).write(v); err != nil {
		return malformedf("it holds what cannot be written: %v", err)
	}
	if !bytes.Equal(bytes.TrimSuffix(again.Bytes(), []byte("\n")), r.scanner.Bytes()) {
		return malformedf("it is not written as Gavel writes it")
	}
	return nil
}

// end checks that nothing follows. Errors: *malformedError, or what the file reports.
func (r *lineReader) end() error {
	switch err := r.next(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	default:
		return malformedf("it follows the last line")
	}
}
