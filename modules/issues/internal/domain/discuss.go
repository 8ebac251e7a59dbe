package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// MaxParticipants is how many members can be involved in an issue beside the reporter and staff.
const MaxParticipants = 50

// Comment says something to all who may read the issue, by any of them. That of a reporter who is awaited ends the waiting;
// staff's first is the first response, and so is that of an assignee who has reported it himself. Errors, the first that
// applies: ErrIssueNotFound, ErrTransition, ErrInvalidText.
func (i *Issue) Comment(by Actor, text string, now time.Time) error {
	t, err := i.begin(by, CommandComment, now)
	if err != nil {
		return err
	}
	if !said(text) {
		return ErrInvalidText
	}
	t.answer()
	t.comment(text, t.by.role == RoleReporter)
	return nil
}

// Inform says in the name of the house, to all who may read the issue, what has happened elsewhere. It ends the waiting for the
// reporter, because what he was asked may be answered by that. Errors, the first that applies: ErrTransition, ErrInvalidText.
func (i *Issue) Inform(text string, now time.Time) error {
	t, err := i.proceed(CommandComment, now)
	if err != nil {
		return err
	}
	if !said(text) {
		return ErrInvalidText
	}
	t.comment(text, true)
	return nil
}

// comment says it, and ends the waiting for the reporter if it may be what was awaited.
func (t *turn) comment(text string, answers bool) {
	t.state.Comments = min(t.state.Comments+1, MaxNumber)
	t.tell(Commented{Text: text})
	if answers && t.state.Awaited == AwaitedReporter {
		t.resume()
	}
	t.done()
}

// Note says something that staff alone may read, also when the issue is over. Errors, the first that applies:
// ErrIssueNotFound, ErrNotStaff, ErrTransition, ErrInvalidText.
func (i *Issue) Note(by Actor, text string, now time.Time) error {
	t, err := i.begin(by, CommandNote, now)
	if err != nil {
		return err
	}
	if !said(text) {
		return ErrInvalidText
	}
	t.tell(Noted{Text: text})
	t.done()
	return nil
}

// Involve lets a member take part, by staff: he may read what is public, but not who reported, and comment. Errors, the
// first that applies: ErrIssueNotFound, ErrNotStaff, ErrTransition, ErrInvalidMember, ErrMemberConcerned,
// ErrAlreadyInvolved, also for the reporter, ErrTooManyInvolved.
func (i *Issue) Involve(by Actor, member uuid.UUID, now time.Time) error {
	t, err := i.begin(by, CommandInvolve, now)
	if err != nil {
		return err
	}
	s := &t.state
	place, found := slices.BinarySearchFunc(s.Participants, member, compareIDs)
	switch {
	case member == uuid.Nil:
		return ErrInvalidMember
	case s.MustNotKnow() == member:
		return ErrMemberConcerned
	case found, member == s.Reporter.Member:
		return ErrAlreadyInvolved
	case len(s.Participants) >= MaxParticipants:
		return ErrTooManyInvolved
	}
	s.Participants = slices.Insert(slices.Clone(s.Participants), place, member)
	t.tell(Involved{Member: member})
	t.done()
	return nil
}
