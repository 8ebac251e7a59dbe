package sqlstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// Query is a query with its arguments.
type Query struct {
	Text string
	Args []any
}

// ListQuery returns the query that Views.Issues makes for a page after the key, which is zero for the first one.
func ListQuery(d db.Dialect, f app.Filter, viewer domain.Actor, now time.Time, after app.IssueKey) Query {
	q := newListQuery(newSearchIndex(d), f, viewer, now)
	text := q.page(f.Order(), after, after != app.IssueKey{}, 51)
	return Query{text, q.args}
}

// CountQuery returns the query that Views.Categories makes.
func CountQuery(d db.Dialect, f app.Filter, viewer domain.Actor, now time.Time) Query {
	q := newListQuery(newSearchIndex(d), f, viewer, now)
	return Query{q.counts(viewer.Staff), q.args}
}

// ScheduleQueries returns the queries of the schedule by what they are for.
func ScheduleQueries(member uuid.UUID, now time.Time) map[string]Query {
	return map[string]Query{
		"due":       {selectDue, []any{db.Micros(now), 100}},
		"next":      {selectNext, nil},
		"assigned":  {selectAssigned, []any{member, uuid.Nil, 100}},
		"assignees": {selectAssignees, nil},
	}
}

// VisitorsQuery returns the query that Views.ReportedFrom makes.
func VisitorsQuery(address string, now time.Time) Query {
	return Query{selectOfVisitor, []any{address, db.Micros(now), 10}}
}

// NumberQuery returns the statement that gives an issue the next number of the house.
func NumberQuery(house string, issue uuid.UUID) Query {
	return Query{insertNext, []any{house, issue, int64(domain.MaxNumber)}}
}

// TimelineQuery returns the query for a timeline.
func TimelineQuery(id uuid.UUID, audience domain.Audience) Query {
	return Query{timelineQuery(audience), []any{id, 0, 51}}
}

// HeadColumns returns all columns of issues but the id.
func HeadColumns() string { return headColumns[len("id, "):] + ", queue_rank, due_at, email_key" }
