package domain

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ErrMalformedEntry says that bytes are not the canonical form of any entry.
var ErrMalformedEntry = errors.New("malformed log entry")

// DecodeEntry returns the entry of which b are the canonical bytes; no other bytes decode to the same entry. Errors:
// ErrMalformedEntry.
func DecodeEntry(b []byte) (Entry, error) {
	if len(b) == 0 || b[0] != entryFormat {
		return Entry{}, fmt.Errorf("%w: unknown format", ErrMalformedEntry)
	}
	r := reader{buf: b[1:]}
	e := Entry{
		Listing:       r.id(),
		Seq:           r.int(),
		At:            r.time(),
		Kind:          EventKind(r.text()),
		Version:       r.int(),
		Currency:      Currency{Code: r.text(), Digits: int(r.int())},
		Command:       r.hash(),
		Role:          Role(r.text()),
		Actor:         Alias(r.hash()),
		Bidder:        Alias(r.hash()),
		Maximum:       r.hash(),
		Withdrawn:     list(&r, (*reader).int),
		RetractReason: RetractReason(r.text()),
		Text:          r.hash(),
	}
	if terms := list(&r, (*reader).terms); len(terms) > 0 {
		e.Terms = &terms[0]
	}
	e.Leading = r.flag()
	e.Why = Why(r.text())
	e.After = After{
		Status:      Status(r.text()),
		Price:       r.int(),
		NextMinimum: r.int(),
		Leader:      Alias(r.hash()),
		ReserveMet:  r.flag(),
		EndsAt:      r.time(),
		Winner:      Alias(r.hash()),
		FinalPrice:  r.int(),
	}
	// Encoding again finds whatever is left over, and every other way of writing the same entry.
	if r.failed || !bytes.Equal(EncodeEntry(e), b) {
		return Entry{}, ErrMalformedEntry
	}
	return e, nil
}

func (r *reader) terms() PublishedTerms {
	return PublishedTerms{
		Ruleset:      r.text(),
		Seller:       Alias(r.hash()),
		RelistedFrom: r.id(),
		CreatedAt:    r.time(),
		Title:        r.hash(),
		Description:  r.hash(),
		Table:        IncrementTable{name: r.text(), rows: list(r, (*reader).row)},
		StartPrice:   r.int(),
		BuyNow:       r.int(),
		Reserve:      r.hash(),
		StartsAt:     r.time(),
		Duration:     r.duration(),
		SoftClose:    SoftClose{Window: r.duration(), Extension: r.duration(), Cap: r.duration()},
	}
}

func (r *reader) row() IncrementRow { return IncrementRow{From: r.int(), Increment: r.int()} }

// reader takes length-prefixed fields off a buffer. After the first that is not there it has failed and returns zeros.
type reader struct {
	buf    []byte
	failed bool
}

func (r *reader) bytes() []byte {
	length, n := binary.Uvarint(r.buf)
	if n <= 0 || length > uint64(len(r.buf)-n) {
		r.failed, r.buf = true, nil
		return nil
	}
	field := r.buf[n : n+int(length)]
	r.buf = r.buf[n+int(length):]
	return field
}

func (r *reader) text() string { return string(r.bytes()) }

func (r *reader) int() int64 {
	field := r.bytes()
	if len(field) != 8 {
		r.failed = true
		return 0
	}
	return int64(binary.BigEndian.Uint64(field))
}

func (r *reader) duration() time.Duration { return time.Duration(r.int()) * time.Microsecond }

func (r *reader) time() time.Time {
	field := r.bytes()
	if len(field) != 8 {
		r.failed = r.failed || len(field) != 0
		return time.Time{}
	}
	return time.UnixMicro(int64(binary.BigEndian.Uint64(field))).UTC()
}

func (r *reader) flag() bool {
	field := r.bytes()
	return len(field) == 1 && field[0] == 1
}

func (r *reader) hash() (h Hash) {
	copy(h[:], r.bytes())
	return h
}

func (r *reader) id() (id uuid.UUID) {
	copy(id[:], r.bytes())
	return id
}

// list reads one field that holds elements up to its end.
func list[T any](r *reader, element func(*reader) T) []T {
	inner := reader{buf: r.bytes()}
	var all []T
	for len(inner.buf) > 0 {
		all = append(all, element(&inner))
	}
	r.failed = r.failed || inner.failed
	return all
}
