package sqlstore

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// eventRow is a row of issue_events.
type eventRow struct {
	Issue    uuid.UUID    `db:"issue_id"`
	Seq      int64        `db:"seq"`
	At       db.Micros    `db:"at"`
	Kind     string       `db:"kind"`
	Role     string       `db:"role"`
	Actor    db.MaybeID   `db:"actor"`
	State    string       `db:"state"`
	Text     string       `db:"text"`
	Evidence db.MaybeText `db:"evidence"`
	Details  db.MaybeText `db:"details"` // JSON
}

var eventColumns = db.Columns{
	{Name: "issue_id", Type: db.UUID},
	{Name: "seq", Type: db.Int},
	{Name: "at", Type: db.Int},
	{Name: "kind", Type: db.Text},
	{Name: "role", Type: db.Text},
	{Name: "actor", Type: db.UUID},
	{Name: "state", Type: db.Text},
	{Name: "text", Type: db.Text},
	{Name: "evidence", Type: db.Text},
	{Name: "details", Type: db.Text},
}

// values are those of eventColumns.
func (r eventRow) values() []any {
	return []any{r.Issue, r.Seq, r.At, r.Kind, r.Role, r.Actor, r.State, r.Text, r.Evidence, r.Details}
}

// eventRowOf returns the row that holds e. Errors: none that the rules allow.
func eventRowOf(e domain.Event) (eventRow, error) {
	row := eventRow{
		Issue: e.Issue, Seq: e.Seq, At: db.Micros(e.At), Kind: string(e.Kind()), Role: string(e.Role), Actor: db.MaybeID(e.Actor),
		State: string(e.State),
	}
	if err := row.set(e.Payload); err != nil {
		return eventRow{}, fmt.Errorf("event %d of %s: %w", e.Seq, e.Issue, err)
	}
	return row, nil
}

// event returns the event that the row holds. Errors: db.ErrUnreadable.
func (r eventRow) event() (domain.Event, error) {
	payload, err := r.payload()
	if err != nil {
		return domain.Event{}, fmt.Errorf("event %d of %s: %w", r.Seq, r.Issue, err)
	}
	return domain.Event{
		Issue: r.Issue, Seq: r.Seq, At: r.At.Time(), Role: domain.Role(r.Role), Actor: uuid.UUID(r.Actor), State: domain.State(r.State),
		Payload: payload,
	}, nil
}
