package app

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// concealed refuses an act that names one issue on another one, where a member of staff must not know of one of them and
// may read the other: its state alone would tell him. Whoever joins the staff later is not shown the name, by
// ReadIssue. Call it in the unit of work after everything else was found good, because it tells who works here. Errors:
// domain.ErrAccusedWouldLearn, or what the staff port reports.
func (d *Desk) concealed(ctx context.Context, one, two *domain.Issue) error {
	for _, member := range domain.WouldLearn(one.State(), two.State()) {
		works, err := d.staff.WorksHere(ctx, member)
		switch {
		case err != nil:
			return fmt.Errorf("look up whether %s works at the help desk: %w", member, err)
		case works:
			return domain.ErrAccusedWouldLearn
		}
	}
	return nil
}

// withoutConcealed returns the record without the issues of which the member of staff must not know. Errors: what the store
// reports.
func (u *ReadIssue) withoutConcealed(ctx context.Context, member uuid.UUID, r IssueRecord) (IssueRecord, error) {
	hidden, err := u.concealed(ctx, member, append([]uuid.UUID{r.DuplicateOf, r.MergedInto}, r.Links...))
	if err != nil || len(hidden) == 0 {
		return r, err
	}
	var links []uuid.UUID
	for _, id := range r.Links {
		if !hidden[id] {
			links = append(links, id)
		}
	}
	r.Links = links
	if hidden[r.DuplicateOf] {
		r.DuplicateOf = uuid.Nil
	}
	if hidden[r.MergedInto] {
		r.MergedInto = uuid.Nil
	}
	return r, nil
}

// eventsWithoutConcealed returns the events as the member of staff may see them. Errors: what the store reports.
func (u *ReadIssue) eventsWithoutConcealed(ctx context.Context, member uuid.UUID, all []domain.Event) ([]domain.Event, error) {
	others := make([]uuid.UUID, len(all))
	for i, e := range all {
		others[i] = e.Other()
	}
	hidden, err := u.concealed(ctx, member, others)
	if err != nil || len(hidden) == 0 {
		return all, err
	}
	var shown []domain.Event
	for _, e := range all {
		may := true
		if hidden[e.Other()] {
			e, may = e.Concealing()
		}
		if may {
			shown = append(shown, e)
		}
	}
	return shown, nil
}

// concealed returns those of the issues of which the member must not know; zero ids are none. Errors: what the store
// reports.
func (u *ReadIssue) concealed(ctx context.Context, member uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	var named []uuid.UUID
	for _, id := range ids {
		if id != uuid.Nil {
			named = append(named, id)
		}
	}
	if len(named) == 0 {
		return nil, nil
	}
	found, err := u.views.Concealed(ctx, member, named)
	if err != nil {
		return nil, err
	}
	hidden := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		hidden[id] = true
	}
	return hidden, nil
}
