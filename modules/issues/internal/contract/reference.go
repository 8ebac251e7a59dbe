package contract

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// What views have to answer, computed from what the commands should have left without regard to speed, and without the code
// that the stores may share.

// expected returns all issues that a list should show to the viewer, in its order.
func (s *subject) expected(f app.Filter, viewer domain.Actor, now time.Time) []app.IssueSummary {
	all := []app.IssueSummary{}
	for _, id := range s.order {
		r := s.kept[id]
		if mayRead(r.state, viewer) && listed(f, r, now) {
			all = append(all, shown(r.state, viewer, now))
		}
	}
	slices.SortFunc(all, func(a, b app.IssueSummary) int {
		age := cmp.Or(a.ReportedAt.Compare(b.ReportedAt), bytes.Compare(a.ID[:], b.ID[:]))
		switch f.Sort {
		case app.SortQueue:
			return cmp.Or(weights[b.Priority]-weights[a.Priority], age)
		case app.SortOldest:
			return age
		default:
			return -age
		}
	})
	return all
}

var weights = map[domain.Priority]int{
	domain.PriorityLow: 1, domain.PriorityNormal: 2, domain.PriorityHigh: 3, domain.PriorityUrgent: 4,
}

func mayRead(s domain.IssueState, viewer domain.Actor) bool {
	switch {
	case s.State == domain.StateUnconfirmed, viewer.ID == uuid.Nil:
		return false
	case viewer.ID == s.Reporter.Member:
		return true
	case viewer.ID == s.Subject.Member:
		return false
	default:
		return viewer.Staff || slices.Contains(s.Participants, viewer.ID)
	}
}

func stateAt(s domain.IssueState, now time.Time) domain.State {
	if s.State == domain.StateResolved && s.ClosesAt.Compare(now) <= 0 {
		return domain.StateClosed
	}
	return s.State
}

func listed(f app.Filter, r *record, now time.Time) bool {
	s := r.state
	inState := len(f.States) == 0
	for _, state := range f.States {
		inState = inState || state == stateAt(s, now)
	}
	return inState &&
		(f.Category == "" || f.Category == s.Category) &&
		(!f.Untriaged || s.Category == "") &&
		(f.Assignee == uuid.Nil || f.Assignee == s.Assignee) &&
		(!f.Unassigned || s.Assignee == uuid.Nil) &&
		(f.Reporter == uuid.Nil || f.Reporter == s.Reporter.Member) &&
		worded(f.Words, r)
}

// worded reports whether the words of a random search occur; their texts are in plain lower-case words.
func worded(words string, r *record) bool {
	text := r.state.Title
	switch p := r.timeline[0].Payload.(type) {
	case domain.Reported:
		text += " " + p.Text
	case domain.Imported:
		text += " " + p.Text
	}
	for _, word := range strings.Fields(words) {
		found := false
		for _, there := range strings.Fields(text) {
			found = found || strings.HasPrefix(strings.ToLower(there), strings.ToLower(word))
		}
		if !found {
			return false
		}
	}
	return true
}

func shown(s domain.IssueState, viewer domain.Actor, now time.Time) app.IssueSummary {
	summary := app.IssueSummary{
		ID: s.ID, Title: s.Title, State: stateAt(s, now), Awaited: s.Awaited, ReportedAt: s.ReportedAt, EndedAt: s.EndedAt,
		Comments: s.Comments,
	}
	if s.State == domain.StateResolved && summary.State == domain.StateClosed {
		summary.EndedAt = s.ClosesAt
	}
	if viewer.Staff {
		summary.Category, summary.Priority, summary.Assignee = s.Category, s.Priority, s.Assignee
		summary.FirstResponseDue, summary.ResolutionDue = s.Clocks.FirstResponseDue, s.Clocks.ResolutionDue
		summary.FirstResponseMissed = s.Clocks.FirstResponseMissed != time.Time{}
		summary.ResolutionMissed = s.Clocks.ResolutionMissed != time.Time{}
	}
	return summary
}

// counted counts issues by category.
func counted(issues []app.IssueSummary) []app.CategoryCount {
	counts := []app.CategoryCount{}
	for _, c := range slices.Sorted(slices.Values(append([]domain.Category{""}, domain.Categories...))) {
		n := 0
		for _, i := range issues {
			if i.Category == c {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, app.CategoryCount{Category: c, Issues: n})
		}
	}
	return counts
}
