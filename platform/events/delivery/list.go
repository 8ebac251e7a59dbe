package delivery

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"strings"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/characters"
	"github.com/gavelhq/gavel/platform/page"
)

// Filter narrows the list of deliveries; the zero value keeps everything. All conditions must hold.
type Filter struct {
	// Dead keeps dead letters.
	Dead bool
	// Subscriber keeps what this one is to get; empty is any.
	Subscriber string
}

// Keeps reports whether a delivery belongs to the list.
func (f Filter) Keeps(s DeliveryState) bool {
	return (s.Dead || !f.Dead) && (f.Subscriber == "" || s.Subscriber == f.Subscriber)
}

// list is the name under which cursors belong to the list of deliveries.
const list = "deliveries"

// Key is where a delivery stands in the list; pages begin after one. The id tells apart what has one number, which happens
// when a database was put back.
type Key struct {
	Subscriber string    `json:"s"`
	Number     int64     `json:"n"`
	ID         uuid.UUID `json:"i"`
}

// Key returns where the delivery stands.
func (s DeliveryState) Key() Key {
	return Key{Subscriber: s.Subscriber, Number: s.Event.Number, ID: s.ID}
}

// Compare returns -1 if k comes before other, 1 if it comes after it and 0 if they are the same.
func (k Key) Compare(other Key) int {
	return cmp.Or(strings.Compare(k.Subscriber, other.Subscriber), cmp.Compare(k.Number, other.Number), bytes.Compare(k.ID[:], other.ID[:]))
}

// CursorAfter returns the cursor of the page that goes on after the delivery.
func CursorAfter(s DeliveryState) page.Cursor { return page.Encode(list, s.Key()) }

// ReadCursor returns the key after which a page begins, and false for the first page. Errors: page.ErrInvalidCursor.
func ReadCursor(c page.Cursor) (after Key, resumed bool, err error) {
	after, resumed, err = page.Decode[Key](list, c)
	if err == nil && strings.ContainsFunc(after.Subscriber, characters.Unprintable) {
		return Key{}, false, page.ErrInvalidCursor
	}
	return after, resumed, err
}

// All returns all deliveries that the filter keeps, one by one and page by page, in the order of subscribers and numbers.
// Errors: what the store reports, once, as the last element.
func All(ctx context.Context, views Views, filter Filter) iter.Seq2[DeliveryState, error] {
	return func(yield func(DeliveryState, error) bool) {
		for request := (page.Request{Limit: page.MaxLimit}); ; {
			found, err := views.Deliveries(ctx, filter, request)
			if err != nil {
				yield(DeliveryState{}, err)
				return
			}
			for _, s := range found.Items {
				if !yield(s, nil) {
					return
				}
			}
			if request.Cursor = found.Next; request.Cursor == "" {
				return
			}
		}
	}
}
