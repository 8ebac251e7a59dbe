package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/table"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// NewIssues returns the repository over pool. House is the name of this house, under which the issues that are reported here
// are numbered for others; message gives events their published form.
func NewIssues(
	pool *db.Pool, house string, message func(*domain.Issue, domain.Event) (events.Message, bool),
) *uow.Repository[*domain.Issue, domain.Event] {
	return uow.NewRepository("issues", newStore(pool, house), domain.ErrIssueNotFound, message)
}

// store is the issues' uow.Store: the heads, which it loads, and what is written beside them.
type store struct {
	*table.Store[*domain.Issue, domain.Event, issueRow]
	pool         *db.Pool
	house        string
	events       insert
	participants insert
	search       searchIndex
}

var _ uow.Store[*domain.Issue, domain.Event] = (*store)(nil)

func newStore(pool *db.Pool, house string) *store {
	return &store{
		Store: table.NewStore[*domain.Issue, domain.Event](pool, table.Mapping[*domain.Issue, issueRow]{
			Table: "issues", Row: issueRowOf, Restore: issueRow.issue,
			Refusals: map[string]error{"issues_pkey": domain.ErrIssueTaken},
		}),
		pool: pool, house: house,
		events:       newInsert(pool.Dialect(), "issue_events", eventColumns, plain),
		participants: newInsert(pool.Dialect(), "issue_participants", participantColumns, plain),
		search:       newSearchIndex(pool.Dialect()),
	}
}

var participantColumns = db.Columns{
	{Name: "member", Type: db.UUID},
	{Name: "issue_id", Type: db.UUID},
}

// Save writes the changes with their events. Errors: uow.ErrConflict when a version differs from the one that was loaded;
// domain.ErrIssueTaken; db.ErrUnavailable.
func (s *store) Save(ctx context.Context, changes []uow.Change[*domain.Issue, domain.Event]) error {
	if err := s.Store.Save(ctx, changes); err != nil { // first of all: the heads tell conflicts
		return err
	}
	tx, err := s.pool.Tx(ctx)
	if err != nil {
		return err
	}
	w, err := writesFor(changes)
	if err != nil {
		return err
	}
	return s.write(ctx, tx, w)
}

// writes are what a unit's changes come to beside the heads.
type writes struct {
	events       [][]any // of eventColumns
	participants [][]any // of participantColumns
	words        [][]any // of wordColumns
	reworded     []uuid.UUID
	numbers      []numbering
	removed      []uuid.UUID
}

func writesFor(changes []uow.Change[*domain.Issue, domain.Event]) (*writes, error) {
	w := &writes{}
	for _, c := range changes {
		if c.Kind == uow.Removed {
			w.removed = append(w.removed, c.Before.ID())
			continue
		}
		if n, needed := numberingOf(c); needed {
			w.numbers = append(w.numbers, n)
		}
		if err := w.append(c); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// append adds the events of a change, and what follows from them.
func (w *writes) append(c uow.Change[*domain.Issue, domain.Event]) error {
	id, title := c.After.ID(), c.After.State().Title
	var found []string // the words, if any event changes them
	reworded := false
	for _, e := range c.Events {
		row, err := eventRowOf(e)
		if err != nil {
			return err
		}
		w.events = append(w.events, row.values())
		if words, made := app.IssueWords(title, e); made {
			found, reworded = words, true
		}
		if p, is := e.Payload.(domain.Involved); is {
			w.participants = append(w.participants, []any{p.Member, id})
		}
	}
	if reworded {
		w.words = append(w.words, []any{id, strings.Join(found, " ")})
		if c.Kind == uow.Changed {
			w.reworded = append(w.reworded, id)
		}
	}
	return nil
}

// write makes the writes; those that there are none of cost nothing. The numbers come last: whoever waits for the next one
// waits no longer than the others need to commit.
func (s *store) write(ctx context.Context, tx *db.Tx, w *writes) error {
	err := s.forgetWords(ctx, tx, slices.Concat(w.removed, w.reworded))
	if err == nil {
		err = forgetEvents(ctx, tx, w.removed)
	}
	if err == nil {
		err = s.events.exec(ctx, tx, w.events)
	}
	if err == nil {
		err = s.participants.exec(ctx, tx, w.participants)
	}
	if err == nil {
		err = s.search.words.exec(ctx, tx, w.words)
	}
	if err != nil {
		return err
	}
	return s.number(ctx, tx, w.numbers)
}

// forgetEvents deletes the timelines of issues that nobody ever saw: they have no number and no participants.
func forgetEvents(ctx context.Context, tx *db.Tx, removed []uuid.UUID) error {
	for _, id := range removed {
		if _, err := tx.Exec(ctx, `DELETE FROM issue_events WHERE issue_id = $1`, id); err != nil {
			return fmt.Errorf("delete the timeline of issue %s: %w", id, err)
		}
	}
	return nil
}

func (s *store) forgetWords(ctx context.Context, tx *db.Tx, issues []uuid.UUID) error {
	for _, id := range issues {
		if _, err := tx.Exec(ctx, s.search.delete, s.search.issueQuery(id)); err != nil {
			return fmt.Errorf("delete the words of issue %s: %w", id, err)
		}
	}
	return nil
}
