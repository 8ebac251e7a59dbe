package sqlstore

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/words"
)

// listQuery is a query for a list of issues, as a union of branches: no issue is in two of them, and each is read in the
// order of an index, no further than the page goes.
type listQuery struct {
	search   searchIndex
	now      time.Time
	nowAt    string // the parameter that holds it, once it was asked for
	args     []any
	terms    []string // which hold in every branch
	branches []string // what holds beyond that in each; none is nothing at all
}

// newListQuery returns the query for what matches the filter and the viewer may read.
func newListQuery(search searchIndex, f app.Filter, viewer domain.Actor, now time.Time) *listQuery {
	q := &listQuery{search: search, now: now}
	if viewer.ID == uuid.Nil { // who reads by a mailed link has no lists
		return q
	}
	q.filter(f)
	if viewer.Staff {
		q.forStaff(f, viewer.ID)
	} else {
		q.forMember(f, viewer.ID)
	}
	return q
}

// add adds an argument and returns its parameter.
func (q *listQuery) add(arg any) string {
	q.args = append(q.args, arg)
	return "$" + strconv.Itoa(len(q.args))
}

// at returns the parameter of the instant of the question.
func (q *listQuery) at() string {
	if q.nowAt == "" {
		q.nowAt = q.add(db.Micros(q.now))
	}
	return q.nowAt
}

// where adds a condition to every branch.
func (q *listQuery) where(term string) { q.terms = append(q.terms, term) }

// filter adds the conditions of a filter, but for the states.
func (q *listQuery) filter(f app.Filter) {
	switch {
	case f.Category != "" && f.Untriaged:
		q.where("1 = 0")
	case f.Category != "":
		q.where("category = " + q.add(string(f.Category)))
	case f.Untriaged:
		q.where("category = ''")
	}
	if f.Assignee != uuid.Nil {
		q.where("assignee = " + q.add(f.Assignee))
	}
	if f.Unassigned {
		q.where("assignee IS NULL")
	}
	if f.Reporter != uuid.Nil {
		q.where("reporter = " + q.add(f.Reporter))
	}
	for _, word := range words.OfQuery(f.Words) {
		q.where(q.search.condition(q.add(q.search.wordQuery(word))))
	}
}

// isShown is the condition of partial indexes. A query uses such an index only if it says the same, word for word.
const isShown = "state <> 'unconfirmed'"

// forStaff makes the branches for staff, who read all but what somebody else has reported about them. A branch for each
// state finds the few that are open among the many that are closed.
func (q *listQuery) forStaff(f app.Filter, viewer uuid.UUID) {
	me := q.add(viewer)
	q.where("(accused IS NULL OR accused <> " + me + " OR reporter = " + me + ")")
	narrow := f.Category != "" || f.Untriaged || f.Assignee != uuid.Nil || f.Unassigned
	found := f.Reporter != uuid.Nil || len(words.OfQuery(f.Words)) > 0
	switch {
	case len(f.States) > 0 && found:
		q.branches = []string{isShown + " AND " + q.anyState(f.States)}
	case len(f.States) > 0:
		q.branches = q.states(f.States)
	case narrow && !found:
		q.branches = q.states(domain.States())
	default:
		q.branches = []string{isShown}
	}
}

// forMember makes the branches for everybody else: what he reported, and what he takes part in.
func (q *listQuery) forMember(f app.Filter, viewer uuid.UUID) {
	me := q.add(viewer)
	q.where(isShown)
	if len(f.States) > 0 {
		q.where(q.anyState(f.States))
	}
	q.branches = []string{
		"reporter = " + me,
		"id IN (SELECT issue_id FROM issue_participants WHERE member = " + me + ")" +
			" AND (reporter IS NULL OR reporter <> " + me + ") AND (accused IS NULL OR accused <> " + me + ")",
	}
}

// states returns conditions on issues in one of the states at the instant of the question. They exclude each other.
func (q *listQuery) states(wanted []domain.State) []string {
	var all []string
	for _, s := range slices.Compact(slices.Sorted(slices.Values(wanted))) {
		switch s { // this is domain.Phase.At in SQL: the same answer before and after the job has closed an issue
		case domain.StateUnconfirmed: // nobody sees it
		case domain.StateResolved:
			all = append(all, "state = 'resolved' AND closes_at > "+q.at())
		case domain.StateClosed:
			all = append(all, "state = 'closed'", "state = 'resolved' AND closes_at <= "+q.at())
		default:
			all = append(all, "state = "+q.add(string(s)))
		}
	}
	return all
}

// anyState returns one condition out of states.
func (q *listQuery) anyState(wanted []domain.State) string {
	all := q.states(wanted)
	if len(all) == 0 {
		return "1 = 0"
	}
	return "(" + strings.Join(all, " OR ") + ")"
}

// page returns the query for the issues after the key, in the order, no more than limit.
func (q *listQuery) page(order app.Sort, after app.IssueKey, resumed bool, limit int) string {
	columns, direction, comparison := []string{"reported_at", "id"}, "", " > "
	values := []any{after.At, after.ID}
	switch order {
	case app.SortQueue:
		columns, values = []string{"queue_rank", "reported_at", "id"}, []any{queueRank(after.Rank), after.At, after.ID}
	case app.SortNewest:
		direction, comparison = " DESC", " < "
	}
	if resumed {
		parameters := make([]string, len(values))
		for i, v := range values {
			parameters[i] = q.add(v)
		}
		q.where("(" + strings.Join(columns, ", ") + ")" + comparison + "(" + strings.Join(parameters, ", ") + ")")
	}
	tail := `
		ORDER BY ` + strings.Join(columns, direction+", ") + direction + `
		LIMIT ` + q.add(limit)
	parts := make([]string, len(q.branches))
	for i := range parts {
		parts[i] = q.selectBranch(i, summaryColumns) + tail
	}
	if len(parts) == 1 {
		return parts[0]
	}
	for i, part := range parts {
		parts[i] = `
		SELECT ` + summaryColumns + ` FROM (` + part + `) AS branch`
	}
	return `
		SELECT ` + summaryColumns + ` FROM (` + strings.Join(parts, `
		UNION ALL`) + `) AS branches` + tail
}

// counts returns the query for the number of issues in each category; for others than staff, who are shown none, in one
// without a name.
func (q *listQuery) counts(staff bool) string {
	category := "category"
	if !staff {
		category = "'' AS category"
	}
	parts := make([]string, len(q.branches))
	for i := range parts {
		parts[i] = q.selectBranch(i, category)
	}
	return `
		SELECT category, count(*) AS issues FROM (` + strings.Join(parts, `
		UNION ALL`) + `) AS branches
		GROUP BY category
		ORDER BY category`
}

func (q *listQuery) selectBranch(i int, columns string) string {
	return `
		SELECT ` + columns + `
		FROM issues
		WHERE ` + strings.Join(append([]string{q.branches[i]}, q.terms...), `
			AND `)
}
