package publiclog

import (
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// LogFormat is what the first line of a public log says that it is. A change of the lines is a new format.
const LogFormat = "gavel-log-1"

// MediaType is what HTTP calls a public log.
const MediaType = "application/x-ndjson"

// Header is the first line of a public log.
type Header struct {
	// Listing is whose log it is.
	Listing uuid.UUID
	// Currency is the listing's; all amounts in the log are in it.
	Currency domain.Currency
	// Head is the end of the log: the number of events that follow and the hash of the last.
	Head domain.Head
}

// HeaderOf returns the header of the log of a listing in that state.
func HeaderOf(s domain.State) Header {
	return Header{Listing: s.ID, Currency: s.Currency, Head: s.Head}
}

// Writer writes a public log.
type Writer struct {
	lines    lineWriter
	currency domain.Currency
}

// NewWriter writes the header to w and returns a writer for the events. Errors: what w reports.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	log := NewEventWriter(w, h.Currency)
	return log, log.lines.write(newHeaderLine(h))
}

// NewEventWriter returns a writer for the events alone of a log in that currency, whose header is written elsewhere.
func NewEventWriter(w io.Writer, c domain.Currency) *Writer {
	return &Writer{lines: newLineWriter(w), currency: c}
}

// Write writes the next event, in one call of the underlying writer. Errors: an event in another currency than the
// header's, or what the writer reports.
func (w *Writer) Write(e domain.PublicEvent) error {
	if e.Currency != w.currency {
		return fmt.Errorf("write event %d: it is in %s, the log in %s", e.Seq, e.Currency.Code, w.currency.Code)
	}
	return w.lines.write(newEventLine(e))
}

// Reader reads a public log line by line; it checks the form, not the chain.
type Reader struct {
	lines  *lineReader
	header Header
	events int64 // read so far
}

// NewReader reads the header of the log in r. Errors: ErrNotALog, or what r reports.
func NewReader(r io.Reader) (*Reader, error) {
	lines := newLineReader(r)
	var line headerLine
	if err := lines.read(&line); err != nil {
		return nil, notALog(err)
	}
	h, err := line.header()
	if err == nil {
		err = lines.says(newHeaderLine(h))
	}
	if err != nil {
		return nil, notALog(err)
	}
	return &Reader{lines: lines, header: h}, nil
}

// Header returns what the first line says.
func (r *Reader) Header() Header { return r.header }

// Next returns the next event. Errors: io.EOF after the last one, *domain.Flaw for a line that is no event, or what the
// underlying reader reports.
func (r *Reader) Next() (domain.PublicEvent, error) {
	e, err := r.next()
	if errors.Is(err, io.EOF) {
		return e, err
	}
	r.events++
	if malformed := asMalformed(err, r.lines.number); malformed != nil {
		return domain.PublicEvent{}, &domain.Flaw{
			Listing: r.header.Listing, Seq: r.events, Problem: domain.ProblemMalformed, Detail: malformed.Error(),
		}
	}
	return e, err
}

func (r *Reader) next() (domain.PublicEvent, error) {
	var line eventLine
	if err := r.lines.read(&line); err != nil {
		return domain.PublicEvent{}, err
	}
	e, err := line.event(r.header)
	if err != nil {
		return domain.PublicEvent{}, err
	}
	return e, r.lines.says(newEventLine(e))
}

// Verified says what was checked.
type Verified struct {
	// Header is what the file says about itself.
	Header Header
	// Events is how many events it has.
	Events int64
	// Heads is how many saved heads of this log it was compared with.
	Heads int
}

// Verify checks a whole public log: that the events follow from each other and lead to the head in the first line and
// through those saved earlier, and that everything opened is what was committed to. Errors: ErrNotALog, *domain.Flaw for
// the first bad event, or what r reports.
func Verify(r io.Reader, saved Heads) (Verified, error) {
	log, err := NewReader(r)
	if err != nil {
		return Verified{}, err
	}
	heads := saved[log.header.Listing]
	verified := Verified{Header: log.header, Heads: len(heads)}
	chain := domain.NewChain(log.header.Listing, heads...)
	last := domain.PublicEvent{}
	for {
		e, err := log.Next()
		if errors.Is(err, io.EOF) {
			return verified, errors.Join(chain.End(log.header.Head), log.header.endsAt(last))
		}
		if err != nil {
			return verified, err
		}
		if err := chain.NextPublic(e); err != nil {
			return verified, err
		}
		verified.Events++
		last = e
	}
}

// endsAt checks that the header's time is the last event's: the chain knows only its hash. Errors: *domain.Flaw.
func (h Header) endsAt(last domain.PublicEvent) error {
	if h.Head.At.Equal(last.At) {
		return nil
	}
	return &domain.Flaw{
		Listing: h.Listing, Seq: h.Head.Seq, Problem: domain.ProblemHead, Detail: "its time is not the one in the first line",
	}
}
