package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Reject ends the issue unresolved, by staff; RejectAsDuplicate does so for a duplicate. The text, which may be empty, is
// public. Errors, the first that applies: ErrIssueNotFound, ErrNotStaff, ErrTransition, ErrInvalidRejection and
// ErrInvalidText.
func (i *Issue) Reject(by Actor, reason RejectionReason, text string, now time.Time) error {
	t, err := i.begin(by, CommandReject, now)
	if err != nil {
		return err
	}
	var refused fieldErrors
	refused.check(slices.Contains(RejectionReasons, reason) && reason != RejectedDuplicate, ErrInvalidRejection)
	refused.check(validText(text), ErrInvalidText)
	if err := refused.err(); err != nil {
		return err
	}
	t.reject(reason, uuid.Nil, text)
	t.done()
	return nil
}

// RejectAsDuplicate ends the issue as the duplicate of another one, by staff who may read both. The other one notes it, so
// that it changes, too: two issues cannot become each other's duplicates at the same time. It must not be rejected or
// merged itself, but it may be over. Errors, the first that applies: ErrSameIssue, ErrIssueNotFound, ErrNotStaff,
// ErrTransition, ErrInvalidText, ErrTargetMerged, ErrTargetRejected.
func (i *Issue) RejectAsDuplicate(by Actor, original *Issue, text string, now time.Time) error {
	if i.ID() == original.ID() {
		return ErrSameIssue
	}
	t, err := i.begin(by, CommandReject, now)
	if err != nil {
		return err
	}
	if !validText(text) {
		return ErrInvalidText
	}
	other, err := original.approach(by, CommandReject, now)
	if err != nil {
		return err
	}
	if err := other.state.stands(); err != nil {
		return err
	}
	t.reject(RejectedDuplicate, original.ID(), text)
	other.tell(Duplicated{Other: i.ID()})
	t.done()
	other.done()
	return nil
}

func (t *turn) reject(reason RejectionReason, duplicateOf uuid.UUID, text string) {
	t.answer()
	s := &t.state
	s.Awaited, s.Rejection, s.DuplicateOf, s.EndedAt = "", reason, duplicateOf, t.endsAt()
	t.enter(StateRejected, t.at)
	t.tell(Rejected{Reason: reason, DuplicateOf: duplicateOf, Text: text})
}

// stands refuses an issue in whose place no other one may be taken. Errors: ErrTargetMerged, ErrTargetRejected.
func (s IssueState) stands() error {
	switch s.State {
	case StateMerged:
		return ErrTargetMerged
	case StateRejected:
		return ErrTargetRejected
	default:
		return nil
	}
}
