// Package memory keeps the audit log in memory.
package memory

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// Log is an audit.Log and its audit.View, whose entries live as long as the process.
type Log struct {
	db         *memory.Database
	lines      *memory.Collection[*audit.Line, struct{}]
	repository *uow.Repository[*audit.Line, struct{}]
}

var (
	_ audit.Log  = (*Log)(nil)
	_ audit.View = (*Log)(nil)
)

// errNoEntry is what the repository says when an entry is not there, which nobody asks it.
var errNoEntry = errors.New("the audit log has no such entry")

// NewLog returns an empty log of db.
func NewLog(db *memory.Database) *Log {
	lines := memory.NewCollection[*audit.Line, struct{}](db, audit.ErrEntryExists)
	return &Log{db: db, lines: lines, repository: uow.NewRepository("audit log", lines, errNoEntry, unpublished)}
}

// unpublished publishes nothing: what happened is the business of the module whose act it is.
func unpublished(*audit.Line, struct{}) (events.Message, bool) { return events.Message{}, false }

// Record appends the entry when the unit of work in ctx commits. Errors: audit.ErrInvalidReason, audit.ErrIncomplete,
// uow.ErrNoUnit, uow.ErrEnded; at the commit audit.ErrEntryExists.
func (l *Log) Record(ctx context.Context, entry audit.Entry) error {
	line, err := audit.NewLine(entry)
	if err != nil {
		return err
	}
	return l.repository.Add(ctx, line)
}

// Entries returns one page, the newest entry first. It looks at every entry, which is good enough for what fits into
// memory. Errors: page.ErrInvalidCursor.
func (l *Log) Entries(_ context.Context, filter audit.Filter, request page.Request) (page.Of[audit.Entry], error) {
	after, resumed, err := audit.ReadCursor(request.Cursor)
	if err != nil {
		return page.Of[audit.Entry]{}, err
	}
	var kept []audit.Entry
	l.db.Read(func() {
		for _, line := range l.lines.All() {
			entry := line.Entry()
			if keeps(filter, entry) && (!resumed || entry.Key().Compare(after) < 0) {
				kept = append(kept, entry)
			}
		}
	})
	slices.SortFunc(kept, func(a, b audit.Entry) int { return b.Key().Compare(a.Key()) })
	return page.Cut(request, kept, audit.CursorAfter), nil
}

// keeps tells whether the filter keeps the entry.
func keeps(f audit.Filter, e audit.Entry) bool {
	switch {
	case f.Actor != uuid.Nil && e.Actor != f.Actor:
	case f.Target != uuid.Nil && e.Target != f.Target:
	case len(f.Acts) > 0 && !slices.Contains(f.Acts, e.Act):
	case !f.From.IsZero() && e.At.Before(f.From):
	case !f.Before.IsZero() && !e.At.Before(f.Before):
	default:
		return true
	}
	return false
}
