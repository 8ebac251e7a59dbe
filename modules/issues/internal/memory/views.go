package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/words"
)

// Views is the app.Views. It looks at everything for every list, which is good enough for what fits into memory.
type Views struct{ store *Store }

var _ app.Views = (*Views)(nil)

// NewViews returns the views of store.
func NewViews(store *Store) *Views { return &Views{store} }

// Head returns the issue as it is stored. Errors: domain.ErrIssueNotFound.
func (v *Views) Head(_ context.Context, id uuid.UUID) (s domain.IssueState, err error) {
	v.store.db.Read(func() {
		issue, found := v.store.issues.Find(id)
		if !found {
			err = domain.ErrIssueNotFound
			return
		}
		s = copied(issue.State())
	})
	return s, err
}

// Timeline returns one page of what happened to the issue. Errors: page.ErrInvalidCursor.
func (v *Views) Timeline(
	_ context.Context, id uuid.UUID, audience domain.Audience, request page.Request,
) (page.Of[domain.Event], error) {
	after, err := app.ReadTimelineCursor(request.Cursor)
	if err != nil {
		return page.Of[domain.Event]{}, err
	}
	var shown []domain.Event
	v.store.db.Read(func() {
		for _, e := range v.store.timelines[id] {
			if seen, may := e.For(audience); may && e.Seq > after {
				shown = append(shown, seen)
			}
		}
	})
	return page.Cut(request, shown, func(e domain.Event) page.Cursor { return app.TimelineCursor(e.Seq) }), nil
}

// Concealed returns those of the issues of which the member must not know. Errors: none.
func (v *Views) Concealed(_ context.Context, member uuid.UUID, ids []uuid.UUID) ([]uuid.UUID, error) {
	var concealed []uuid.UUID
	v.store.db.Read(func() {
		for _, id := range ids {
			if issue, found := v.store.issues.Find(id); found && member != uuid.Nil && issue.State().MustNotKnow() == member {
				concealed = append(concealed, id)
			}
		}
	})
	return concealed, nil
}

// Issues returns one page of the issues that match the filter. Errors: page.ErrInvalidCursor.
func (v *Views) Issues(
	_ context.Context, filter app.Filter, viewer domain.Actor, now time.Time, request page.Request,
) (page.Of[app.IssueSummary], error) {
	order := filter.Order()
	after, resumed, err := order.ReadCursor(request.Cursor)
	if err != nil {
		return page.Of[app.IssueSummary]{}, err
	}
	matches := v.matches(filter, viewer, now)
	if resumed {
		matches = slices.DeleteFunc(matches, func(s app.IssueSummary) bool { return order.Compare(s.Key(order), after) <= 0 })
	}
	slices.SortFunc(matches, func(a, b app.IssueSummary) int { return order.Compare(a.Key(order), b.Key(order)) })
	return page.Cut(request, matches, order.Cursor), nil
}

// Categories counts the issues that match the filter by category. Errors: none.
func (v *Views) Categories(
	_ context.Context, filter app.Filter, viewer domain.Actor, now time.Time,
) ([]app.CategoryCount, error) {
	issues := map[domain.Category]int{}
	for _, s := range v.matches(filter, viewer, now) {
		issues[s.Category]++
	}
	var counts []app.CategoryCount
	for category, n := range issues {
		counts = append(counts, app.CategoryCount{Category: category, Issues: n})
	}
	slices.SortFunc(counts, func(a, b app.CategoryCount) int { return cmp.Compare(a.Category, b.Category) })
	return counts, nil
}

// matches returns the issues that match the filter and that the viewer may read, in no order.
func (v *Views) matches(filter app.Filter, viewer domain.Actor, now time.Time) []app.IssueSummary {
	var matches []app.IssueSummary
	wanted := words.OfQuery(filter.Words)
	v.store.db.Read(func() {
		for id, issue := range v.store.issues.All() {
			s := issue.State()
			audience, err := s.Readers().Audience(viewer)
			if err == nil && matching(filter, s, now) && haveAll(v.store.words[id], wanted) {
				matches = append(matches, app.SummaryOf(s, audience, now))
			}
		}
	})
	return matches
}

// matching reports whether the issue belongs to the list, but for the words.
func matching(f app.Filter, s domain.IssueState, now time.Time) bool {
	switch {
	case len(f.States) > 0 && !slices.Contains(f.States, s.Phase().At(now)):
	case f.Category != "" && s.Category != f.Category:
	case f.Untriaged && s.Category != "":
	case f.Assignee != uuid.Nil && s.Assignee != f.Assignee:
	case f.Unassigned && s.Assignee != uuid.Nil:
	case f.Reporter != uuid.Nil && s.Reporter.Member != f.Reporter:
	default:
		return true
	}
	return false
}

// haveAll reports whether every word begins one of those that there are.
func haveAll(there, words []string) bool {
	for _, word := range words {
		if !slices.ContainsFunc(there, func(t string) bool { return strings.HasPrefix(t, word) }) {
			return false
		}
	}
	return true
}
