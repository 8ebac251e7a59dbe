package domain

import (
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/fault"
)

// Report is what an issue is made of.
type Report struct {
	// ID will be the issue's.
	ID uuid.UUID
	// Title is one line of 1 to MaxTitle characters; Text has at most MaxText and may be empty.
	Title, Text string
	// Subject is what it is about, with Evidence where that has a listing.
	Subject  Subject
	Evidence Evidence
}

// ReportByMember returns the issue that a member reports. Its clocks run from now on. Errors: ErrInvalidTitle,
// ErrInvalidText, ErrInvalidSubject, ErrInvalidEvidence, ErrInvalidReporter; all that apply.
func ReportByMember(r Report, member uuid.UUID, targets Targets, now time.Time) (*Issue, error) {
	refused := r.refused()
	refused.check(member != uuid.Nil, ErrInvalidReporter)
	if err := refused.err(); err != nil {
		return nil, err
	}
	at := micros(now)
	i := r.issue(targets)
	i.state.Reporter = Reporter{Member: member}
	i.state.ReportedAt = at
	i.enter(StateReported, at)
	i.record(author{RoleReporter, member}, at, Reported{Text: r.Text, Evidence: r.Evidence})
	return i, nil
}

// ReportByVisitor returns the issue that a visitor reports. Nobody sees it, and no clock runs, before he confirms his
// address by a token that is mailed to it: see SendConfirmation. Errors: as ReportByMember; ErrInvalidEmail.
func ReportByVisitor(r Report, email Email, targets Targets, now time.Time) (*Issue, error) {
	refused := r.refused()
	refused.check(email != Email{}, ErrInvalidEmail)
	if err := refused.err(); err != nil {
		return nil, err
	}
	at := micros(now)
	i := r.issue(targets)
	i.state.Reporter = Reporter{Email: email.String(), ConfirmBy: at.Add(ConfirmLifetime)}
	i.enter(StateUnconfirmed, at)
	i.record(author{role: RoleReporter}, at, Reported{Text: r.Text, Evidence: r.Evidence})
	return i, nil
}

// CheckWords refuses a report for what can be seen before its subject is looked up: its words, and what else the caller has
// found wrong with single fields, such as the address; nil is nothing. Errors: ErrInvalidTitle, ErrInvalidText and the
// others; all that apply.
func CheckWords(title, text string, others ...error) error {
	refused := wordsRefused(title, text)
	for _, other := range others {
		if other != nil {
			refused.check(false, fault.Of(other))
		}
	}
	return refused.err()
}

// wordsRefused returns what is wrong with the words of a report.
func wordsRefused(title, text string) fieldErrors {
	var refused fieldErrors
	refused.check(validTitle(title), ErrInvalidTitle)
	refused.check(validText(text), ErrInvalidText)
	return refused
}

// refused returns what is wrong with the report.
func (r Report) refused() fieldErrors {
	refused := wordsRefused(r.Title, r.Text)
	refused.check(r.Subject.valid(), ErrInvalidSubject)
	refused.check(r.Evidence.validFor(r.Subject), ErrInvalidEvidence)
	return refused
}

// issue returns what all reports have in common.
func (r Report) issue(targets Targets) *Issue {
	return &Issue{state: IssueState{
		ID: r.ID, Title: r.Title, Subject: r.Subject, Priority: PriorityNormal,
		Clocks: Clocks{Target: targets.For(PriorityNormal)},
	}}
}

// Confirm shows by the mailed token that the address is the visitor's, and remembers the token by which he follows the
// issue. From now on staff see it, and its clocks run. Errors: ErrInvalidConfirmation; ErrAlreadyConfirmed for a token that
// was good, so that whoever follows his link twice is not frightened.
func (i *Issue) Confirm(confirmation, follow Secret, now time.Time) error {
	t := i.turn(Actor{}, RoleReporter, now)
	r := t.state.Reporter
	switch {
	case !r.confirms(confirmation):
		return ErrInvalidConfirmation
	case t.state.State.allow(CommandConfirm) != nil:
		return ErrAlreadyConfirmed
	case !t.at.Before(r.ConfirmBy):
		return ErrInvalidConfirmation
	}
	r.ConfirmBy = time.Time{}
	r.Follow = with(r.Follow, follow, MaxFollowTokens)
	t.state.Reporter = r
	t.state.ReportedAt = t.at
	t.enter(StateReported, t.at)
	t.tell(Confirmed{})
	t.done()
	return nil
}

// Expired reports whether the visitor has let the time to confirm his address pass, so that the issue may be removed.
func (i *Issue) Expired(now time.Time) bool {
	return i.state.State == StateUnconfirmed && !micros(now).Before(i.state.Reporter.ConfirmBy)
}

// Follower returns the visitor who reported the issue, as whoever has the secret of a mailed link acts. Errors:
// ErrIssueNotFound.
func (i *Issue) Follower(secret Secret) (Actor, error) { return i.state.Follower(secret) }

// Follower is for views what Issue.Follower is for commands. Errors: ErrIssueNotFound.
func (s IssueState) Follower(secret Secret) (Actor, error) {
	if !s.Reporter.follows(secret) { // which has none before the address is confirmed
		return Actor{}, ErrIssueNotFound
	}
	return Actor{follows: s.ID}, nil
}

// SendConfirmation remembers one more token by which the visitor confirms his address, for the letter to him; one that is
// known stays as it is. The newest MaxConfirmTokens are good, until one is used. Errors: ErrIssueNotFound when there is
// nothing to confirm, or no time left for it.
func (i *Issue) SendConfirmation(confirmation Secret, now time.Time) error {
	r := i.state.Reporter
	if i.state.State != StateUnconfirmed || i.Expired(now) {
		return ErrIssueNotFound
	}
	if r.confirms(confirmation) {
		return nil
	}
	i.state.Reporter.Confirmations = with(r.Confirmations, confirmation, MaxConfirmTokens)
	i.changed = true
	return nil
}

// SendLink remembers one more token by which the visitor follows the issue, for the next letter to him: the secrets of
// earlier ones are not known. One that is known stays as it is. The newest MaxFollowTokens are good. Errors:
// ErrIssueNotFound before he has confirmed his address, and for a member's issue, which has no links.
func (i *Issue) SendLink(follow Secret) error {
	r := i.state.Reporter
	if i.state.State == StateUnconfirmed || r.Email == "" {
		return ErrIssueNotFound
	}
	if r.follows(follow) {
		return nil
	}
	i.state.Reporter.Follow = with(r.Follow, follow, MaxFollowTokens)
	i.changed = true
	return nil
}
