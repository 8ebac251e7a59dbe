package audit

import (
	"bytes"
	"cmp"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/page"
)

// list is the name under which cursors belong to the log.
const list = "audit"

// Key is where an entry stands in the log; pages begin after one.
type Key struct {
	At int64     `json:"at"` // microseconds since 1970
	ID uuid.UUID `json:"id"`
}

// Key returns where the entry stands.
func (e Entry) Key() Key { return Key{At: e.At.UnixMicro(), ID: e.ID} }

// Compare returns -1 if k is older than other, 1 if it is newer and 0 if they are the same.
func (k Key) Compare(other Key) int {
	return cmp.Or(cmp.Compare(k.At, other.At), bytes.Compare(k.ID[:], other.ID[:]))
}

// CursorAfter returns the cursor of the page that goes on after the entry.
func CursorAfter(e Entry) page.Cursor { return page.Encode(list, e.Key()) }

// ReadCursor returns the key after which a page begins, and false for the first page. Errors: page.ErrInvalidCursor.
func ReadCursor(c page.Cursor) (after Key, resumed bool, err error) { return page.Decode[Key](list, c) }
