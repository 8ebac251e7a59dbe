package smtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"github.com/gavelhq/gavel/platform/mail"
)

// Stage is how far a conversation with a mail server came.
type Stage string

// The stages, in their order.
const (
	Connecting   Stage = "connect"
	Greeting     Stage = "greet"
	Encrypting   Stage = "encrypt"
	SigningIn    Stage = "sign in"
	NamingSender Stage = "name the sender"
	NamingReader Stage = "name the reader"
	HandingOver  Stage = "hand over the letter"
)

// What servers lack.
var (
	ErrNoSTARTTLS       = errors.New("the server offers no encryption (STARTTLS)")
	ErrNoMechanism      = errors.New("the server offers no way to sign in that is known here (SCRAM, PLAIN, LOGIN)")
	ErrNotInternational = errors.New("the server takes no addresses with letters beyond ASCII (SMTPUTF8)")
	// ErrNotSMTP is what talks, but not as a mail server does.
	ErrNotSMTP = errors.New("it does not speak as a mail server does")
)

// Error is why a server did not take a letter.
type Error struct {
	Server string // host and port
	Stage  Stage
	// Code is the server's, 4xx for now and 5xx for good; 0 if it did not refuse by itself. Status is the enhanced one
	// (RFC 3463), empty if it gave none.
	Code   int
	Status string
	// Reply is what the server said. It may repeat the address and the letter, and so is not part of Error(); it is for
	// whoever sent the letter himself. It is empty while signing in, where it may repeat the password.
	Reply string
	// Err is what else went wrong; nil where there is a Code.
	Err error
}

// Error says what went wrong, without address, content or password.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %s: ", e.Server, e.Stage)
	switch {
	case e.Code == 0:
		return text + e.Err.Error()
	case e.Code/100 == 4:
		text += "refused for now"
	default:
		text += "refused"
	}
	text += fmt.Sprintf(" with %d", e.Code)
	if e.Status != "" {
		text += " " + e.Status
	}
	return text
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is mail.ErrNoServer and the conversation ended before the letter was begun. A server that hangs
// up afterwards may do so because of the letter.
//
// It is mail.ErrRefused, too, where the server refused the reader or the letter for good, or does not take addresses like his.
func (e *Error) Is(target error) bool {
	switch target {
	case mail.ErrNoServer:
		return slices.Contains([]Stage{Connecting, Greeting, Encrypting, SigningIn}, e.Stage)
	case mail.ErrRefused:
		return e.refused()
	}
	return false
}

// refused reports whether the server has refused this reader or this letter for good. What it refuses for its rules (5.7: no
// relay, sign in first) or for its own state (5.3, 5.4) it may refuse of everybody, until somebody mends that.
func (e *Error) refused() bool {
	switch {
	case errors.Is(e.Err, ErrNotInternational):
		return true
	case e.Stage != NamingReader && e.Stage != HandingOver, e.Code/100 != 5, e.Code == 530:
		return false
	}
	return !slices.ContainsFunc([]string{"5.3.", "5.4.", "5.7."}, func(s string) bool { return strings.HasPrefix(e.Status, s) })
}

// enhanced is a status code of RFC 3463 at the beginning of a reply.
var enhanced = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

// refusal returns what happened at a stage as an *Error without the server's name. Of errors that repeat what the server
// sent, which could be anything, it keeps only the kind.
func refusal(stage Stage, err error) *Error {
	var reply *textproto.Error
	switch {
	case errors.As(err, &reply):
		e := &Error{Stage: stage, Code: reply.Code, Status: enhanced.FindString(reply.Msg)}
		if stage != SigningIn {
			e.Reply = reply.Msg
		}
		return e
	case quotable(stage, err):
		return &Error{Stage: stage, Err: err}
	default:
		return &Error{Stage: stage, Err: ErrNotSMTP}
	}
}

// quotable reports whether an error is of the network or of TLS, so that it repeats nothing.
func quotable(stage Stage, err error) bool {
	var network net.Error
	var broken textproto.ProtocolError
	return errors.As(err, &network) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		stage == Encrypting && !errors.As(err, &broken)
}

// describe completes the error of a conversation: with the server's name, and where ctx ended it, with why.
func (m *Mailer) describe(ctx context.Context, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	e.Server = m.String()
	if ctx.Err() != nil && e.Code == 0 {
		e.Err = context.Cause(ctx)
	}
	return e
}
