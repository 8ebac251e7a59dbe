package domain

import (
	"fmt"
	"strings"

	"github.com/gavelhq/gavel/platform/fault"
)

// Refusals of whole issues and of those who act. Each is compared with errors.Is; copies may carry another detail and
// fields.
var (
	// ErrIssueNotFound: there is no such issue, or this one must not know of it.
	ErrIssueNotFound = fault.New(fault.NotFound, "issue_not_found", "There is no such issue.")
	// ErrTransition: the state does not allow the command. The field state says which it is, allowed lists what it allows.
	ErrTransition = fault.New(fault.Conflict, "transition_not_allowed", "The state of the issue does not allow this.")
	// ErrNotStaff: only the help desk may do this.
	ErrNotStaff = fault.New(fault.Forbidden, "not_staff", "Only the help desk may do this.")
	// ErrNotReporter: only the reporter, or the help desk, may do this.
	ErrNotReporter = fault.New(fault.Forbidden, "not_reporter", "Only whoever reported the issue may do this.")
	// ErrNotAssignee: only the assignee, or a lead, may do this.
	ErrNotAssignee = fault.New(fault.Forbidden, "not_assignee", "Only whoever the issue is assigned to may do this.")
	// ErrNotLead: only a lead gives work to others.
	ErrNotLead = fault.New(fault.Forbidden, "not_lead", "Only a lead may assign issues to others.")
	// ErrInvalidConfirmation: another token, or expired.
	ErrInvalidConfirmation = fault.New(fault.Conflict, "invalid_confirmation",
		"This link is not valid, or no longer. If you have not confirmed your address, report the issue again.")
	// ErrAlreadyConfirmed: by this token, or another one that was good.
	ErrAlreadyConfirmed = fault.New(fault.Conflict, "already_confirmed",
		"You have confirmed your address already: the help desk has your report. A letter with a link to it went to your address.")
	// ErrIssueTaken: there is an issue with this id, or from this repository under this number.
	ErrIssueTaken = fault.New(fault.Conflict, "issue_taken", "There is such an issue already.")
)

// Refusals of what is done with other people and other issues.
var (
	// ErrAssigneeConcerned: the issue is about him.
	ErrAssigneeConcerned = fault.New(fault.Conflict, "assignee_concerned", "The issue is about this member, who cannot work on it.")
	// ErrAlreadyAssigned: he has it.
	ErrAlreadyAssigned = fault.New(fault.Conflict, "already_assigned", "The issue is assigned to this member already.")
	// ErrMemberConcerned: the issue is about him, and he must not learn who reported it.
	ErrMemberConcerned = fault.New(fault.Conflict, "member_concerned", "The issue is about this member, who must not learn of it.")
	// ErrAlreadyInvolved: the member reads the issue already.
	ErrAlreadyInvolved = fault.New(fault.Conflict, "already_involved", "This member takes part in the issue already.")
	// ErrTooManyInvolved: MaxParticipants.
	ErrTooManyInvolved = fault.New(fault.Conflict, "too_many_involved", "Too many members take part in this issue.")
	// ErrSameIssue: an issue is not merged into itself, no duplicate of itself and not linked to itself.
	ErrSameIssue = fault.New(fault.Invalid, "same_issue", "This is the same issue. Name another one.")
	// ErrAccusedWouldLearn: one of two issues is about a member of staff, who may read the other one.
	ErrAccusedWouldLearn = fault.New(fault.Conflict, "accused_would_learn",
		"One of the issues is about a member of the help desk, who would learn of it from the other one.")
	// ErrTargetMerged: the other issue was merged itself. Into which it does not say: not all who may read the one may know
	// of the other.
	ErrTargetMerged = fault.New(fault.Conflict, "target_merged", "The other issue was merged itself. Name the one that it was merged into.")
	// ErrTargetRejected: the other issue was rejected.
	ErrTargetRejected = fault.New(fault.Conflict, "target_rejected", "The other issue was rejected. Name one that was not.")
	// ErrTargetClosed: nothing is merged into what is over.
	ErrTargetClosed = fault.New(fault.Conflict, "target_closed", "The other issue is closed. Reject this one as its duplicate.")
	// ErrNoListing: the issue is about no listing and no bid.
	ErrNoListing = fault.New(fault.Conflict, "issue_without_listing", "The issue is about no listing and no bid.")
	// ErrAlreadyLinked: once is enough.
	ErrAlreadyLinked = fault.New(fault.Conflict, "already_linked", "The issues are linked already.")
	// ErrTooManyLinks: MaxLinks.
	ErrTooManyLinks = fault.New(fault.Conflict, "too_many_links", "One of the issues has too many links.")
)

// Refusals of fields. Each carries the field's name in the field "field".
var (
	ErrInvalidTitle      = invalid("title", "The title must have 1 to 1,000 characters in one line.")
	ErrInvalidText       = invalid("text", "The text must have 1 to 10,000 characters, without control characters.")
	ErrInvalidEmail      = invalid("email", "This is no e-mail address.")
	ErrInvalidReporter   = invalid("reporter", "Somebody has to report the issue.")
	ErrInvalidSubject    = invalid("subject", "An issue is about a listing, a bid or a member, with the position in the listing's log.")
	ErrInvalidEvidence   = invalid("evidence", "The extract of the listing's log is missing, too long, or there is no listing.")
	ErrInvalidCategory   = invalid("category", "There is no such category.")
	ErrInvalidPriority   = invalid("priority", "The priority must be low, normal, high or urgent.")
	ErrInvalidAwaited    = invalid("awaited", "An issue waits for the reporter or a third party.")
	ErrInvalidResolution = invalid("resolution", "There is no such resolution.")
	ErrInvalidRejection  = invalid("rejection", "An issue is rejected as spam, not_ours or no_answer, or as the duplicate of another one.").With("field", "reason")
	ErrInvalidReason     = invalid("reason", "Say why, in at most 1,000 characters.")
	ErrInvalidAssignee   = invalid("assignee", "Name a member of the help desk.")
	ErrInvalidMember     = invalid("member", "Name a member.")
	ErrInvalidTargets    = invalid("targets", "Each priority needs targets above zero, the first response no later than the resolution.")
	ErrInvalidOrigin     = invalid("origin", "An imported issue needs a repository of 1 to 200 characters and a number from 1 to 999999999999999.")
	ErrInvalidTimes      = invalid("times", "An imported issue needs the time of its report, and none of closing before that.")
	ErrInvalidComments   = invalid("comments", "The number of comments must be from 0 to 999999999999999.")
)

func invalid(field, detail string) *fault.Error {
	return fault.New(fault.Invalid, "invalid_"+field, detail).With("field", field)
}

// fieldErrors collects what is wrong with several fields.
type fieldErrors []*fault.Error

// check notes the refusal unless the field is good.
func (e *fieldErrors) check(good bool, refusal *fault.Error) {
	if !good {
		*e = append(*e, refusal)
	}
}

// err returns nil for no refusal; else the first, which carries all of them in the field "errors" as {"field", "code",
// "detail"}.
func (e fieldErrors) err() error {
	if len(e) == 0 {
		return nil
	}
	all := make([]map[string]string, len(e))
	for i, refusal := range e {
		field, _ := refusal.Fields()["field"].(string)
		all[i] = map[string]string{"field": field, "code": refusal.Code(), "detail": refusal.Detail()}
	}
	return e[0].With("errors", all)
}

// notAllowed says what the state allows.
func notAllowed(s State, c Command) error {
	allowed := s.Allows()
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	offer := "Nothing can be done to it."
	if len(names) > 0 {
		offer = fmt.Sprintf("What it allows: %s.", strings.Join(names, ", "))
	}
	return ErrTransition.Detailf("To %s is not allowed while the issue is %s. %s", c, s, offer).
		With("state", string(s)).With("allowed", names)
}
