package app

import (
	"bytes"
	"cmp"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/page"
)

// All stores make the same cursors, so they are made here.

// Names of lists, to which their cursors belong. That of the issues is followed by its order.
const (
	listTimeline = "issues/timeline"
	listIssues   = "issues/"
)

// Sort is the order of a list of issues.
type Sort string

// The orders. Equal keys are ordered by id, in the direction of the instants.
const (
	SortQueue  Sort = "queue"  // by priority, the highest first, then by age, the oldest first
	SortNewest Sort = "newest" // by the report, the newest first
	SortOldest Sort = "oldest" // by the report, the oldest first
)

// Order returns the order of the list, one of the three.
func (f Filter) Order() Sort {
	switch f.Sort {
	case SortQueue, SortOldest:
		return f.Sort
	default:
		return SortNewest
	}
}

// IssueKey is where an issue stands in a list: its priority's rank in the queue, 0 elsewhere; when it was reported, in
// microseconds since 1970; and its id.
type IssueKey struct {
	Rank int       `json:"rank,omitempty"`
	At   int64     `json:"at"`
	ID   uuid.UUID `json:"id"`
}

// Key returns where the issue stands in a list with this order.
func (s IssueSummary) Key(order Sort) IssueKey {
	key := IssueKey{At: s.ReportedAt.UnixMicro(), ID: s.ID}
	if order == SortQueue {
		key.Rank = s.Priority.Rank()
	}
	return key
}

// Compare says which of two keys comes first in a list with that order.
func (s Sort) Compare(a, b IssueKey) int {
	rising := cmp.Or(cmp.Compare(a.At, b.At), bytes.Compare(a.ID[:], b.ID[:]))
	switch s {
	case SortQueue:
		return cmp.Or(cmp.Compare(b.Rank, a.Rank), rising)
	case SortOldest:
		return rising
	default:
		return -rising
	}
}

// Cursor returns the cursor of the page that goes on after the issue in a list with this order.
func (s Sort) Cursor(i IssueSummary) page.Cursor { return page.Encode(listIssues+string(s), i.Key(s)) }

// ReadCursor returns the key after which a page of a list with this order begins, and false for the first page. Errors:
// page.ErrInvalidCursor.
func (s Sort) ReadCursor(c page.Cursor) (after IssueKey, resumed bool, err error) {
	return page.Decode[IssueKey](listIssues+string(s), c)
}

// timelineKey is where an event stands in the timeline.
type timelineKey struct {
	Seq int64 `json:"seq"`
}

// TimelineCursor returns the cursor of the page that goes on after the event with that seq.
func TimelineCursor(seq int64) page.Cursor { return page.Encode(listTimeline, timelineKey{seq}) }

// ReadTimelineCursor returns the seq after which a page of a timeline begins; 0 for the first page. Errors:
// page.ErrInvalidCursor.
func ReadTimelineCursor(c page.Cursor) (after int64, err error) {
	key, _, err := page.Decode[timelineKey](listTimeline, c)
	return key.Seq, err
}
