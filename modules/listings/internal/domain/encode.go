package domain

import (
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// entryFormat is the version of the canonical form, its first byte. A change of fields is a new format; old logs keep
// theirs.
const entryFormat = 1

// EncodeEntry returns the canonical bytes of an entry, over which the chain's hashes are taken: the format (one byte),
// then every field in the order of EncodeEntry's lines, each as its length (unsigned varint) and that many bytes.
// Integers and instants (microseconds since 1970) are 8 bytes, big-endian two's complement; flags one byte, 0 or 1;
// text UTF-8; ids and hashes their bytes, but zero ones, and zero instants, are empty; lists and the terms are one
// field that holds their fields, empty if there is none.
//
// The form is unambiguous: two entries that differ in any field differ in their bytes.
func EncodeEntry(e Entry) []byte {
	w := writer{buf: make([]byte, 0, 512)}
	w.buf = append(w.buf, entryFormat)
	w.id(e.Listing)
	w.int(e.Seq)
	w.time(e.At)
	w.text(string(e.Kind))
	w.int(e.Version)
	w.text(e.Currency.Code)
	w.int(int64(e.Currency.Digits))
	w.hash(e.Command)
	w.text(string(e.Role))
	w.hash(Hash(e.Actor))
	w.hash(Hash(e.Bidder))
	w.hash(e.Maximum)
	w.list(len(e.Withdrawn), func(w *writer, i int) { w.int(e.Withdrawn[i]) })
	w.text(string(e.RetractReason))
	w.hash(e.Text)
	w.list(present(e.Terms), func(w *writer, _ int) { w.terms(e.Terms) })
	w.flag(e.Leading)
	w.text(string(e.Why))
	w.text(string(e.After.Status))
	w.int(e.After.Price)
	w.int(e.After.NextMinimum)
	w.hash(Hash(e.After.Leader))
	w.flag(e.After.ReserveMet)
	w.time(e.After.EndsAt)
	w.hash(Hash(e.After.Winner))
	w.int(e.After.FinalPrice)
	return w.buf
}

func (w *writer) terms(t *PublishedTerms) {
	w.text(t.Ruleset)
	w.hash(Hash(t.Seller))
	w.id(t.RelistedFrom)
	w.time(t.CreatedAt)
	w.hash(t.Title)
	w.hash(t.Description)
	w.table(t.Table)
	w.int(t.StartPrice)
	w.int(t.BuyNow)
	w.hash(t.Reserve)
	w.time(t.StartsAt)
	w.int(t.Duration.Microseconds())
	w.softClose(t.SoftClose)
}

func (w *writer) table(t IncrementTable) {
	w.text(t.name)
	w.list(len(t.rows), func(w *writer, i int) {
		w.int(t.rows[i].From)
		w.int(t.rows[i].Increment)
	})
}

func (w *writer) softClose(s SoftClose) {
	w.int(s.Window.Microseconds())
	w.int(s.Extension.Microseconds())
	w.int(s.Cap.Microseconds())
}

// writer appends length-prefixed fields.
type writer struct{ buf []byte }

func (w *writer) bytes(field []byte) {
	w.buf = binary.AppendUvarint(w.buf, uint64(len(field)))
	w.buf = append(w.buf, field...)
}

func (w *writer) text(field string) {
	w.buf = binary.AppendUvarint(w.buf, uint64(len(field)))
	w.buf = append(w.buf, field...)
}

func (w *writer) int(field int64) {
	w.buf = append(w.buf, 8)
	w.buf = binary.BigEndian.AppendUint64(w.buf, uint64(field))
}

func (w *writer) time(field time.Time) {
	if field.IsZero() {
		w.buf = append(w.buf, 0)
		return
	}
	w.int(field.UnixMicro())
}

func (w *writer) flag(field bool) {
	value := byte(0)
	if field {
		value = 1
	}
	w.buf = append(w.buf, 1, value)
}

func (w *writer) hash(field Hash) {
	if field.IsZero() {
		w.buf = append(w.buf, 0)
		return
	}
	w.bytes(field[:])
}

func (w *writer) id(field uuid.UUID) {
	if field == uuid.Nil {
		w.buf = append(w.buf, 0)
		return
	}
	w.bytes(field[:])
}

// list writes one field that holds those of n elements.
func (w *writer) list(n int, element func(w *writer, i int)) {
	if n == 0 {
		w.buf = append(w.buf, 0)
		return
	}
	inner := writer{}
	for i := range n {
		element(&inner, i)
	}
	w.bytes(inner.buf)
}

// present is the number of elements of a list that holds one thing or nothing.
func present[T any](thing *T) int {
	if thing == nil {
		return 0
	}
	return 1
}
