package domain

import (
	"slices"
	"time"
)

// Triage says what the issue is about and how much it presses, by staff, as often as there is reason to. Another priority
// moves the instants at which the targets are missed: the new targets count over the time already used. Saying what was
// said already changes nothing.
//
// Errors, the first that applies: ErrIssueNotFound, ErrNotStaff, ErrTransition, ErrInvalidCategory and ErrInvalidPriority.
func (i *Issue) Triage(by Actor, category Category, priority Priority, targets Targets, now time.Time) error {
	t, err := i.begin(by, CommandTriage, now)
	if err != nil {
		return err
	}
	var refused fieldErrors
	refused.check(slices.Contains(Categories, category), ErrInvalidCategory)
	refused.check(priority.Rank() > 0, ErrInvalidPriority)
	if err := refused.err(); err != nil {
		return err
	}
	s := &t.state
	if s.State != StateReported && s.Category == category && s.Priority == priority {
		return nil
	}
	former := s.Priority
	s.Category, s.Priority = category, priority
	s.Clocks = s.Clocks.under(targets.For(priority), t.at)
	if s.State == StateReported {
		t.enter(StateTriaged, t.at)
	}
	t.tell(Triaged{Category: category, Priority: priority, Former: former})
	t.done()
	return nil
}
