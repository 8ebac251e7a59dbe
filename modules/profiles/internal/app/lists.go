package app

import (
	"bytes"
	"cmp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/page"
)

// All stores make the same cursors, so they are made here.

// Names of lists, to which their cursors belong. That of the members is followed by its order.
const (
	ListSessions    = "sessions"
	ListTokens      = "tokens"
	ListBlocks      = "blocks"
	ListInvitations = "invitations"
	ListNotices     = "notices"

	listMembers = "members/"
)

// TimeKey is where an item stands in a list by time: its instant, in microseconds since 1970, and its id.
type TimeKey struct {
	At int64     `json:"at"`
	ID uuid.UUID `json:"id"`
}

// TimeKeyOf returns the key of what has that id and happened then.
func TimeKeyOf(at time.Time, id uuid.UUID) TimeKey { return TimeKey{At: at.UnixMicro(), ID: id} }

// Compare returns -1 if k is older than other, 1 if it is newer and 0 if they are the same.
func (k TimeKey) Compare(other TimeKey) int {
	return cmp.Or(cmp.Compare(k.At, other.At), bytes.Compare(k.ID[:], other.ID[:]))
}

// MemberKey is where a member stands in the list of members: by the handle or by the registration, as the order says. The
// other one is zero.
type MemberKey struct {
	Handle string `json:"handle,omitempty"`
	TimeKey
}

// Order returns the order of the list, one of the four.
func (f MemberFilter) Order() MemberSort {
	switch f.Sort {
	case SortOldest, SortHandle, SortHandleDown:
		return f.Sort
	default:
		return SortNewest
	}
}

// ByHandle reports whether the order is that of the handles.
func (s MemberSort) ByHandle() bool { return s == SortHandle || s == SortHandleDown }

// Falling reports whether the order begins with what is greatest.
func (s MemberSort) Falling() bool { return s != SortOldest && s != SortHandle }

// Key returns where the member stands in a list with this order.
func (m MemberRecord) Key(order MemberSort) MemberKey {
	if order.ByHandle() {
		return MemberKey{Handle: m.Handle}
	}
	return MemberKey{TimeKey: TimeKeyOf(m.RegisteredAt, m.ID)}
}

// Compare says which of two keys comes first in a list with that order.
func (s MemberSort) Compare(a, b MemberKey) int {
	rising := cmp.Or(cmp.Compare(a.Handle, b.Handle), a.TimeKey.Compare(b.TimeKey))
	if s.Falling() {
		return -rising
	}
	return rising
}

// Cursor returns the cursor of the page that goes on after the member in a list with this order.
func (s MemberSort) Cursor(m MemberRecord) page.Cursor {
	return page.Encode(listMembers+string(s), m.Key(s))
}

// ReadCursor returns the key after which a page of a list with this order begins, and false for the first page. Errors:
// page.ErrInvalidCursor.
func (s MemberSort) ReadCursor(c page.Cursor) (after MemberKey, resumed bool, err error) {
	after, resumed, err = page.Decode[MemberKey](listMembers+string(s), c)
	switch {
	case err != nil:
		return MemberKey{}, false, err
	case strings.ContainsRune(after.Handle, 0): // which no handle has, and no database takes
		return MemberKey{}, false, page.ErrInvalidCursor
	case s.ByHandle():
		after.TimeKey = TimeKey{}
	default:
		after.Handle = ""
	}
	return after, resumed, nil
}
