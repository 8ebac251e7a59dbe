package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/page"
)

// Views is the app.Views.
type Views struct {
	pool   *db.Pool
	search searchIndex
}

var _ app.Views = (*Views)(nil)

// NewViews returns the views over pool.
func NewViews(pool *db.Pool) *Views {
	return &Views{pool: pool, search: newSearchIndex(pool.Dialect())}
}

// headColumns are all that an issue is made of.
const headColumns = `id, version, state, title, category, priority, reporter, email, confirmation, confirm_by, follow,
			subject_kind, listing, bid, accused, position_seq, position_hash, repository, number, assignee, awaited,
			participants, links, target_first_response, target_resolution, used, running_since, responded_at,
			first_response_due, resolution_due, first_response_missed, resolution_missed, resolution, resolved_at, closes_at,
			rejection, duplicate_of, merged_into, reported_at, ended_at, comments, seq, last_at, imported_seq`

// summaryColumns are what a list shows.
const summaryColumns = `id, state, title, category, priority, queue_rank, assignee, awaited, first_response_due, resolution_due,
			first_response_missed, resolution_missed, closes_at, reported_at, ended_at, comments`

// Head returns the issue as it is stored. Errors: domain.ErrIssueNotFound, db.ErrUnavailable.
func (v *Views) Head(ctx context.Context, id uuid.UUID) (domain.IssueState, error) {
	var row issueRow
	err := v.pool.Read().Get(ctx, &row, `
		SELECT `+headColumns+`
		FROM issues
		WHERE id = $1`, id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return domain.IssueState{}, domain.ErrIssueNotFound
	case err != nil:
		return domain.IssueState{}, fmt.Errorf("read issue %s: %w", id, err)
	}
	return row.state(), nil
}

// Timeline returns one page of what happened to the issue. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Timeline(
	ctx context.Context, id uuid.UUID, audience domain.Audience, request page.Request,
) (page.Of[domain.Event], error) {
	var none page.Of[domain.Event]
	after, err := app.ReadTimelineCursor(request.Cursor)
	if err != nil {
		return none, err
	}
	var rows []eventRow
	if err := v.pool.Read().Select(ctx, &rows, timelineQuery(audience), id, after, request.Size()+1); err != nil {
		return none, fmt.Errorf("read the timeline of issue %s: %w", id, err)
	}
	var shown []domain.Event
	for _, row := range rows {
		e, err := row.event()
		if err != nil {
			return none, err
		}
		if seen, may := e.For(audience); may {
			shown = append(shown, seen)
		}
	}
	return page.Cut(request, shown, func(e domain.Event) page.Cursor { return app.TimelineCursor(e.Seq) }), nil
}

// timelineQuery asks for the events of an issue ($1) after a seq ($2) that the audience may know of, no more than $3.
func timelineQuery(audience domain.Audience) string {
	kinds := ""
	if audience != domain.AudienceStaff {
		kinds = `
			AND kind IN (` + publicKinds + `)`
	}
	return `
		SELECT ` + eventColumns.Names() + `
		FROM issue_events
		WHERE issue_id = $1 AND seq > $2` + kinds + `
		ORDER BY seq
		LIMIT $3`
}

// publicKinds are the kinds of events that others than staff may know of.
var publicKinds = func() string {
	var public []string
	for _, kind := range domain.Kinds() {
		e := domain.Event{Payload: payloads[kind](eventRow{}, details{})}
		if e.Visibility() == domain.VisiblePublic {
			public = append(public, "'"+string(kind)+"'")
		}
	}
	return strings.Join(public, ", ")
}()

// Concealed returns those of the issues of which the member must not know. Errors: db.ErrUnavailable.
func (v *Views) Concealed(ctx context.Context, member uuid.UUID, ids []uuid.UUID) ([]uuid.UUID, error) {
	dialect := v.pool.Dialect()
	var concealed []uuid.UUID
	err := v.pool.Read().Select(ctx, &concealed, `
		SELECT id
		FROM issues
		WHERE accused = $1 AND (reporter IS NULL OR reporter <> $1) AND `+dialect.In("id", "$2"), member, dialect.IDs(ids))
	if err != nil {
		return nil, fmt.Errorf("look for what %s must not know of: %w", member, err)
	}
	return concealed, nil
}

// Issues returns one page of the issues that match the filter. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Issues(
	ctx context.Context, filter app.Filter, viewer domain.Actor, now time.Time, request page.Request,
) (page.Of[app.IssueSummary], error) {
	var none page.Of[app.IssueSummary]
	order := filter.Order()
	after, resumed, err := order.ReadCursor(request.Cursor)
	if err != nil {
		return none, err
	}
	q := newListQuery(v.search, filter, viewer, now)
	if len(q.branches) == 0 {
		return page.Cut(request, []app.IssueSummary(nil), order.Cursor), nil
	}
	query := q.page(order, after, resumed, request.Size()+1)
	var rows []issueRow
	if err := v.pool.Read().Select(ctx, &rows, query, q.args...); err != nil {
		return none, fmt.Errorf("list issues: %w", err)
	}
	audience := domain.AudienceParticipant // summaries are the same for whoever is no staff
	if viewer.Staff {
		audience = domain.AudienceStaff
	}
	summaries := make([]app.IssueSummary, len(rows))
	for i, row := range rows {
		summaries[i] = app.SummaryOf(row.state(), audience, now)
	}
	return page.Cut(request, summaries, order.Cursor), nil
}

// Categories counts the issues that match the filter by category. Errors: db.ErrUnavailable.
func (v *Views) Categories(
	ctx context.Context, filter app.Filter, viewer domain.Actor, now time.Time,
) ([]app.CategoryCount, error) {
	q := newListQuery(v.search, filter, viewer, now)
	if len(q.branches) == 0 {
		return nil, nil
	}
	var rows []struct {
		Category string `db:"category"`
		Issues   int    `db:"issues"`
	}
	if err := v.pool.Read().Select(ctx, &rows, q.counts(viewer.Staff), q.args...); err != nil {
		return nil, fmt.Errorf("count issues by category: %w", err)
	}
	counts := make([]app.CategoryCount, len(rows))
	for i, r := range rows {
		counts[i] = app.CategoryCount{Category: domain.Category(r.Category), Issues: r.Issues}
	}
	return counts, nil
}
