package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// Logs reads the logs of listings, outside units of work.
type Logs interface {
	// Extract returns the public log of the listing up to the position, verified against its hash: at most
	// domain.MaxExtract bytes, of a longer one its end. Errors: what the reader of logs reports, also when it is not
	// sound.
	Extract(ctx context.Context, listing uuid.UUID, upTo domain.Position) (string, error)
	// Bidder returns who made the bid with that seq in the listing's log; ok is false when that is no bid. Errors: what the
	// reader of logs reports.
	Bidder(ctx context.Context, listing uuid.UUID, bid int64) (member uuid.UUID, ok bool, err error)
}

// Staff knows who works at the help desk. Call it inside a unit of work: it reads what that unit sees, so that nobody who
// was suspended before gets work.
type Staff interface {
	// WorksHere reports whether the member may work on issues: his account is active, and a role permits issuesapi.Work.
	// Errors: uow.ErrNoUnit, uow.ErrEnded, or what the store reports.
	WorksHere(ctx context.Context, member uuid.UUID) (bool, error)
}

// Secrets draws what cannot be guessed.
type Secrets interface {
	// Draw fills p with random bytes. Errors: those of the system's source.
	Draw(p []byte) error
}

// VisitorMail writes what visitors are told by e-mail and hands it to a mail server; members are told by other modules, from
// the events.
type VisitorMail interface {
	// Mail returns when a server took the letter. The letter with one ID has the same Message-ID each time. Errors: those of a
	// mail.Mailer; they name no address and nothing that the letter says.
	Mail(ctx context.Context, letter VisitorLetter) error
}

// VisitorLetter is what a letter to a visitor needs to know.
type VisitorLetter struct {
	ID   uuid.UUID
	Kind domain.LetterKind
	To   string
	// Title is the issue's, Link a text of domain.MailedText that confirms or follows it; both empty where it is about none.
	Title, Link string
}

// Visitors knows what was reported from an address. It reads what is committed and never waits for a lock.
type Visitors interface {
	// ReportedFrom returns up to limit issues that a visitor with the address reported and has confirmed, and that are not
	// over or ended at the instant since or later: the newest first. Errors: what the store reports.
	ReportedFrom(ctx context.Context, email domain.Email, since time.Time, limit int) ([]uuid.UUID, error)
}

// Schedule knows what the clock has to do. It reads what is committed and never waits for a lock.
type Schedule interface {
	// Due returns the issues with DueAt at the instant now or before, those overdue longest first and equal ones by id, at
	// most limit. Errors: what the store reports.
	Due(ctx context.Context, now time.Time, limit int) ([]uuid.UUID, error)
	// Next returns the earliest DueAt, which may have passed, and false if there is none. Errors: what the store reports.
	Next(ctx context.Context) (time.Time, bool, error)
}

// DueAt returns the next instant at which the clock has something to do with the issue: a target that is missed, the
// closing, or the end of the time that a visitor has to confirm his address; zero for none.
func DueAt(s domain.IssueState) time.Time {
	if s.State == domain.StateUnconfirmed {
		return s.Reporter.ConfirmBy
	}
	return s.Due()
}

// Assignments knows who works on what.
type Assignments interface {
	// AssignedTo returns up to limit issues after the id that the member works on, or has resolved, by id. Call it inside a
	// unit of work: it tells what is committed, not what the unit itself has changed. Errors: uow.ErrNoUnit, uow.ErrEnded, or
	// what the store reports.
	AssignedTo(ctx context.Context, member, after uuid.UUID, limit int) ([]uuid.UUID, error)
	// Assignees returns the members for whom AssignedTo finds anything, by id. Call it outside units of work. Errors: what the
	// store reports.
	Assignees(ctx context.Context) ([]uuid.UUID, error)
}
