package domain

import (
	"slices"
	"time"
)

// Wait lets the issue wait for somebody, by the assignee or a lead; its clocks stand still. The text, which may be empty, is
// public and says what is asked. Errors, the first that applies: ErrIssueNotFound, ErrNotStaff, ErrTransition,
// ErrNotAssignee, ErrInvalidAwaited and ErrInvalidText.
func (i *Issue) Wait(by Actor, awaited AwaitedParty, text string, now time.Time) error {
	t, err := i.begin(by, CommandWait, now)
	if err != nil {
		return err
	}
	var refused fieldErrors
	refused.check(slices.Contains(AwaitedParties, awaited), ErrInvalidAwaited)
	refused.check(validText(text), ErrInvalidText)
	if err := refused.err(); err != nil {
		return err
	}
	if !blank(text) {
		t.answer()
	}
	t.state.Awaited = awaited
	t.enter(StateWaiting, t.at)
	t.tell(Waiting{Awaited: awaited, Text: text})
	t.done()
	return nil
}

// Resume ends the waiting, by the assignee or a lead; the clocks run again. Errors, the first that applies:
// ErrIssueNotFound, ErrNotStaff, ErrTransition, ErrNotAssignee.
func (i *Issue) Resume(by Actor, now time.Time) error {
	t, err := i.begin(by, CommandResume, now)
	if err != nil {
		return err
	}
	t.resume()
	t.done()
	return nil
}

// resume lets a waiting issue go on.
func (t *turn) resume() {
	awaited := t.state.Awaited
	t.state.Awaited = ""
	t.enter(StateAssigned, t.at)
	t.tell(Resumed{Awaited: awaited})
}
