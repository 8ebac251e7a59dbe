package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/mail"
)

// NoticeMail writes the mail about a notice and hands it to a mail server.
type NoticeMail interface {
	// Mail returns when a server took the letter. The letter of one notice has the same Message-ID each time. Errors:
	// ErrUnmailable for one that no server will ever take, ErrNoServer when there was none that any could be given to, what kept a server from taking it; they name no address and nothing
	// that the letter says.
	Mail(ctx context.Context, letter NoticeLetter) error
}

// ErrUnmailable is what is wrong with a letter that cannot be written, or that a server has refused for good, it or its reader.
var ErrUnmailable = errors.New("the letter can never be sent")

// ErrNoServer is what is wrong when no mail server was ready for letters: nothing of this one was said.
var ErrNoServer = errors.New("no mail server is ready")

// NoticeLetter is what the mail about a notice needs to know.
type NoticeLetter struct {
	// ID is the notice's.
	ID uuid.UUID
	// To is the address, Handle who is greeted.
	To, Handle string
	// Subject, Text and Path are the notice's.
	Subject, Text, Path string
	// Unsubscribe is the text in the link that ends mails like this one; empty where no link may.
	Unsubscribe string
}

// MailDue is a notice whose mail is yet to be sent, and when it is to be tried.
type MailDue struct {
	ID uuid.UUID
	At time.Time
}

// MailOutcome is what became of a mail that was due.
type MailOutcome string

// The outcomes.
const (
	MailSent    MailOutcome = "sent"     // a mail server took it
	MailFailed  MailOutcome = "failed"   // it is tried again later
	MailPut     MailOutcome = "put_back" // no mail server was ready; it is due as it was before
	MailGivenUp MailOutcome = "given_up" // it failed too often
	MailDropped MailOutcome = "dropped"  // the member does not want it any more, or cannot get it
	MailPassed  MailOutcome = "passed"   // another server has it, or it is not due any more
)

// MailReport tells of one mail what may be logged.
type MailReport struct {
	Outcome MailOutcome
	Notice  uuid.UUID
	// Domain is that of the address; empty where it was not looked up.
	Domain string
	// Attempts counts how often it was tried.
	Attempts int
	// Failure is why it failed; nil if it did not.
	Failure error
}

// MailPatience is how often a mail is tried, and how long after each other.
type MailPatience = mail.Patience

// DefaultMailPatience tries 20 times within about three days.
func DefaultMailPatience() MailPatience { return mail.DefaultPatience() }
