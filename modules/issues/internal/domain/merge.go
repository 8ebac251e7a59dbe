package domain

import "time"

// Merge ends the issue in favour of another one, which goes on in its place, by staff who may read both. The other one must
// not be over, and notes it, so that it changes, too: no two issues can be merged into each other. Nobody who reads this one
// may therefore read the other. The text, which may be empty, is public.
//
// Errors, the first that applies: ErrSameIssue, ErrIssueNotFound, ErrNotStaff, ErrTransition, ErrInvalidText,
// ErrTargetMerged, ErrTargetRejected, ErrTargetClosed.
func (i *Issue) Merge(by Actor, target *Issue, text string, now time.Time) error {
	if i.ID() == target.ID() {
		return ErrSameIssue
	}
	t, err := i.begin(by, CommandMerge, now)
	if err != nil {
		return err
	}
	if !validText(text) {
		return ErrInvalidText
	}
	into, err := target.approach(by, CommandMerge, now)
	if err != nil {
		return err
	}
	if err := into.state.stands(); err != nil {
		return err
	}
	if into.state.State == StateClosed {
		return ErrTargetClosed
	}
	t.answer()
	s := &t.state
	s.Awaited, s.MergedInto, s.EndedAt = "", target.ID(), t.endsAt()
	t.enter(StateMerged, t.at)
	t.tell(Merged{Into: target.ID(), Text: text})
	into.tell(Absorbed{Other: i.ID()})
	t.done()
	into.done()
	return nil
}
