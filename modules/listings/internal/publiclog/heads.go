package publiclog

import (
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// HeadsFormat is what the first line of a file of heads says that it is.
const HeadsFormat = "gavel-heads-1"

// ErrNotHeads says that a file holds no heads, or not all that were written into it.
var ErrNotHeads = errors.New("not a whole file of saved heads in the format " + HeadsFormat)

// Heads are heads of logs that were saved earlier, by listing. Nobody can rewrite what such a head covers unnoticed.
type Heads map[uuid.UUID][]domain.Head

// Add puts other heads to h.
func (h Heads) Add(other Heads) {
	for listing, heads := range other {
		h[listing] = append(h[listing], heads...)
	}
}

type headsLine struct {
	Format string `json:"format"`
}

// headLine is a head or, without a listing, the last line, which says how many there are: a file that was cut off would
// check less than its owner believes.
type headLine struct {
	Listing uuid.UUID `json:"listing,omitzero"`
	Seq     int64     `json:"seq,omitempty"`
	Hash    digest    `json:"hash,omitzero"`
	Heads   *int      `json:"heads,omitempty"`
}

// HeadsWriter writes heads.
type HeadsWriter struct {
	lines   lineWriter
	written int
}

// NewHeadsWriter writes the first line to w and returns a writer for the heads. Errors: what w reports.
func NewHeadsWriter(w io.Writer) (*HeadsWriter, error) {
	heads := &HeadsWriter{lines: newLineWriter(w)}
	return heads, heads.lines.write(headsLine{Format: HeadsFormat})
}

// Write writes the head of a listing's log. Errors: what the underlying writer reports.
func (w *HeadsWriter) Write(listing uuid.UUID, head domain.Head) error {
	w.written++
	return w.lines.write(headLine{Listing: listing, Seq: head.Seq, Hash: digest(head.Hash)})
}

// End writes the last line. Errors: what the underlying writer reports.
func (w *HeadsWriter) End() error { return w.lines.write(headLine{Heads: &w.written}) }

// ReadHeads reads what a HeadsWriter wrote. Errors: ErrNotHeads, or what r reports.
func ReadHeads(r io.Reader) (Heads, error) {
	lines := newLineReader(r)
	var first headsLine
	if err := lines.read(&first); err != nil {
		return nil, notHeads(err, lines.number)
	}
	if first.Format != HeadsFormat {
		return nil, notHeads(malformedf("the format is %q", first.Format), lines.number)
	}
	heads, read := Heads{}, 0
	for {
		var line headLine
		if err := lines.read(&line); err != nil {
			return nil, notHeads(err, lines.number)
		}
		if err := lines.says(line); err != nil {
			return nil, notHeads(err, lines.number)
		}
		if line.Heads != nil {
			if *line.Heads != read {
				return nil, notHeads(malformedf("there are %d heads, not %d", read, *line.Heads), lines.number)
			}
			return heads, notHeads(lines.end(), lines.number)
		}
		read++
		heads[line.Listing] = append(heads[line.Listing], domain.Head{Seq: line.Seq, Hash: domain.Hash(line.Hash)})
	}
}

// notHeads says of a malformed or missing line that it makes the file none of heads.
func notHeads(err error, line int) error {
	switch malformed := asMalformed(err, line); {
	case malformed != nil:
		return fmt.Errorf("%w: %w", ErrNotHeads, malformed)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%w: it ends before its last line", ErrNotHeads)
	default:
		return err
	}
}
