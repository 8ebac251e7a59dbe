package sqlstore

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/page"
)

// entryQuery puts together the query for a page of entries.
type entryQuery struct {
	args  []any
	terms []string // all of which must hold
	limit string   // a parameter
}

// newEntryQuery returns the query for the page, and one row more. Errors: page.ErrInvalidCursor.
func newEntryQuery(filter audit.Filter, request page.Request) (*entryQuery, error) {
	after, resumed, err := audit.ReadCursor(request.Cursor)
	if err != nil {
		return nil, err
	}
	q := &entryQuery{}
	q.filter(filter)
	if resumed {
		q.where("(at, id) < (" + q.add(after.At) + ", " + q.add(after.ID) + ")")
	}
	q.limit = q.add(request.Size() + 1)
	return q, nil
}

// add returns the parameter that stands for the argument.
func (q *entryQuery) add(arg any) string {
	q.args = append(q.args, arg)
	return "$" + strconv.Itoa(len(q.args))
}

// where adds a condition.
func (q *entryQuery) where(term string) { q.terms = append(q.terms, term) }

// filter adds the conditions of a filter.
func (q *entryQuery) filter(f audit.Filter) {
	if f.Actor != uuid.Nil {
		q.where("actor = " + q.add(f.Actor))
	}
	if f.Target != uuid.Nil {
		q.where("target = " + q.add(f.Target))
	}
	if len(f.Acts) > 0 {
		q.acts(f.Acts)
	}
	if !f.From.IsZero() {
		q.where("at >= " + q.add(notBefore(f.From)))
	}
	if !f.Before.IsZero() {
		q.where("at < " + q.add(notBefore(f.Before)))
	}
}

// acts keeps these acts. What cannot be the name of one is not asked for: PostgreSQL takes no text that is no text.
func (q *entryQuery) acts(wanted []string) {
	var parameters []string
	for _, act := range slices.Compact(slices.Sorted(slices.Values(wanted))) {
		if audit.ValidAct(act) {
			parameters = append(parameters, q.add(act))
		}
	}
	if len(parameters) == 0 {
		q.where("false")
		return
	}
	q.where("act IN (" + strings.Join(parameters, ", ") + ")")
}

// notBefore returns the first whole microsecond that is not before t.
func notBefore(t time.Time) db.Micros { return db.Micros(t.Add(time.Microsecond - 1)) }

// text returns the query.
func (q *entryQuery) text() string {
	where := ""
	if len(q.terms) > 0 {
		where = `
		WHERE ` + strings.Join(q.terms, `
			AND `)
	}
	return `
		SELECT ` + columns.Names() + `
		FROM audit_log` + where + `
		ORDER BY at DESC, id DESC
		LIMIT ` + q.limit
}
