package sqlstore

import (
	"cmp"
	"strings"
	"time"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/page"
)

// listQuery puts together the query for a page of listings.
type listQuery struct {
	parameters
	search searchIndex
	now    time.Time
	nowAt  string // the parameter that holds it, once it was asked for
	order  app.Sort
	limit  string   // a parameter
	terms  []string // all of which must hold
}

// newListQuery returns the query for the page, and one row more. Errors: page.ErrInvalidCursor.
func newListQuery(
	search searchIndex, filter app.Filter, viewer domain.Actor, request page.Request, now time.Time,
) (*listQuery, error) {
	q := &listQuery{search: search, now: now, order: cmp.Or(filter.Sort, app.SortEndingSoon)}
	after, resumed, err := page.Decode[app.ListingKey](q.list(), request.Cursor)
	if err != nil {
		return nil, err
	}
	q.filter(filter, viewer)
	if resumed {
		q.after(after)
	}
	q.limit = q.add(request.Size() + 1)
	return q, nil
}

// list returns the name under which cursors belong to the list.
func (q *listQuery) list() string { return "listings/" + string(q.order) }

// where adds a condition.
func (q *listQuery) where(term string) { q.terms = append(q.terms, term) }

// at returns the parameter of the instant of the question.
func (q *listQuery) at() string {
	if q.nowAt == "" {
		q.nowAt = q.add(db.Micros(q.now))
	}
	return q.nowAt
}

// after continues the list behind the key.
func (q *listQuery) after(key app.ListingKey) {
	column, direction := q.sorting()
	comparison := " > "
	if direction != "" {
		comparison = " < "
	}
	q.where("(" + column + ", id)" + comparison + "(" + q.add(key.At) + ", " + q.add(key.ID) + ")")
}

// sorting returns the column of the order and its direction.
func (q *listQuery) sorting() (column, direction string) {
	switch q.order {
	case app.SortEndingSoon:
		return "ends_at", ""
	case app.SortNewest:
		return "created_at", " DESC"
	default:
		return "ends_at", " DESC"
	}
}

// text returns the query.
func (q *listQuery) text() string {
	where := ""
	if len(q.terms) > 0 {
		where = `
		WHERE ` + strings.Join(q.terms, `
			AND `)
	}
	column, direction := q.sorting()
	return `
		SELECT ` + summaryColumns + `
		FROM listings` + where + `
		ORDER BY ` + column + direction + `, id` + direction + `
		LIMIT ` + q.limit
}
