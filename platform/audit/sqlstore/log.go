// Package sqlstore keeps the audit log in a database, in the transaction of the act.
package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

//go:embed migrations
var files embed.FS

// Migrations returns the schema of the audit log.
func Migrations() db.Migrations { return db.Migrations{Module: "audit", FS: files} }

// Log is an audit.Log and its audit.View in the table audit_log.
type Log struct {
	pool       *db.Pool
	repository *uow.Repository[*audit.Line, struct{}]
}

var (
	_ audit.Log  = (*Log)(nil)
	_ audit.View = (*Log)(nil)
)

// errNoEntry is what the repository says when an entry is not there, which nobody asks it.
var errNoEntry = errors.New("the audit log has no such entry")

// NewLog returns the log of a pool.
func NewLog(pool *db.Pool) *Log {
	return &Log{pool: pool, repository: uow.NewRepository("audit log", newStore(pool), errNoEntry, unpublished)}
}

// unpublished publishes nothing: what happened is the business of the module whose act it is.
func unpublished(*audit.Line, struct{}) (events.Message, bool) { return events.Message{}, false }

// Record appends the entry when the unit of work in ctx commits. Errors: audit.ErrInvalidReason, audit.ErrIncomplete,
// uow.ErrNoUnit, uow.ErrEnded; at the commit audit.ErrEntryExists, db.ErrUnavailable.
func (l *Log) Record(ctx context.Context, entry audit.Entry) error {
	line, err := audit.NewLine(entry)
	if err != nil {
		return err
	}
	return l.repository.Add(ctx, line)
}

// Entries returns one page, the newest entry first. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (l *Log) Entries(ctx context.Context, filter audit.Filter, request page.Request) (page.Of[audit.Entry], error) {
	var none page.Of[audit.Entry]
	q, err := newEntryQuery(filter, request)
	if err != nil {
		return none, err
	}
	var rows []entryRow
	if err := l.pool.Read().Select(ctx, &rows, q.text(), q.args...); err != nil {
		return none, fmt.Errorf("list the audit log: %w", err)
	}
	entries := make([]audit.Entry, len(rows))
	for i, row := range rows {
		entries[i] = row.entry()
	}
	return page.Cut(request, entries, audit.CursorAfter), nil
}

// columns are those of a row.
var columns = db.Columns{
	{Name: "id", Type: db.UUID},
	{Name: "at", Type: db.Int},
	{Name: "actor", Type: db.UUID},
	{Name: "act", Type: db.Text},
	{Name: "target", Type: db.UUID},
	{Name: "reason", Type: db.Text},
	{Name: "detail", Type: db.Text},
}

// entryRow is a row of audit_log.
type entryRow struct {
	ID     uuid.UUID `db:"id"`
	At     db.Micros `db:"at"`
	Actor  uuid.UUID `db:"actor"`
	Act    string    `db:"act"`
	Target uuid.UUID `db:"target"`
	Reason string    `db:"reason"`
	Detail string    `db:"detail"`
}

func (r entryRow) entry() audit.Entry {
	return audit.Entry{
		ID: r.ID, At: r.At.Time(), Actor: r.Actor, Act: r.Act, Target: r.Target, Reason: r.Reason, Detail: r.Detail,
	}
}

// values returns the row of an entry, in the order of columns.
func values(e audit.Entry) []any {
	return []any{e.ID, db.Micros(e.At), e.Actor, e.Act, e.Target, e.Reason, e.Detail}
}
