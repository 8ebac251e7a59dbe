// Package smtp hands letters to a mail server (RFC 5321).
package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
	"unicode"

	protocol "github.com/wneessen/go-mail/smtp"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/internal/eml"
)

// Security is how the connection is protected.
type Security string

const (
	// StartTLS begins in the clear and insists on encryption before anything is said.
	StartTLS Security = "starttls"
	// TLS begins with encryption.
	TLS Security = "tls"
	// None sends everything in the clear, passwords too.
	None Security = "none"
)

// Settings are what a Mailer needs to know.
type Settings struct {
	Host     string
	Port     int
	Username string // empty: without signing in
	Password string
	Security Security
	// Timeout bounds the delivery of one letter, from the first packet to the last.
	Timeout time.Duration
	// From is who the letters come from.
	From mail.Sender
	// Roots are the authorities that may vouch for the server; nil means those of the system.
	Roots *x509.CertPool
}

// Mailer is a mail.Mailer that hands each letter to a mail server, over a connection of its own. It is safe for
// concurrent use.
type Mailer struct {
	settings Settings
	now      clock.Clock
}

var _ mail.Mailer = (*Mailer)(nil)

// NewMailer returns a Mailer. It dials when there is a letter.
func NewMailer(s Settings, now clock.Clock) *Mailer { return &Mailer{settings: s, now: now} }

// String names the server.
func (m *Mailer) String() string {
	return net.JoinHostPort(m.settings.Host, strconv.Itoa(m.settings.Port))
}

// Send returns when the server took the letter. Errors: mail.ErrMalformed, *Error.
func (m *Mailer) Send(ctx context.Context, letter mail.Message) error {
	sealed, err := eml.Seal(m.settings.From, letter, m.now.Now())
	if err != nil {
		return err
	}
	return m.converse(ctx, func(c *protocol.Client) error { return deliver(c, sealed) })
}

// Check does everything that comes before a letter: it connects, encrypts and signs in. Errors: *Error.
func (m *Mailer) Check(ctx context.Context) error {
	return m.converse(ctx, func(*protocol.Client) error { return nil })
}

// farewell bounds the wait for a server's goodbye, when what matters has been said.
const farewell = 2 * time.Second

// converse calls talk with a server that is ready for letters. Errors: *Error.
func (m *Mailer) converse(ctx context.Context, talk func(*protocol.Client) error) error {
	slow := fmt.Errorf("no answer within %s: %w", m.settings.Timeout, context.DeadlineExceeded)
	ctx, cancel := context.WithTimeoutCause(ctx, m.settings.Timeout, slow)
	defer cancel()
	conn, err := m.dial(ctx)
	if err != nil {
		return m.describe(ctx, err)
	}
	defer func() { _ = conn.Close() }() // nothing is lost with it
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	client, err := m.greet(conn)
	if err == nil {
		err = talk(client)
	}
	if err != nil {
		return m.describe(ctx, err)
	}
	if err := client.UpdateDeadline(farewell); err == nil {
		_ = client.Quit() // whether it says goodbye or not
	}
	return nil
}

// dial connects, and encrypts what begins with encryption. Errors: *Error, without the server's name.
func (m *Mailer) dial(ctx context.Context) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", m.String())
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err // without the address, which Error names
		}
		return nil, &Error{Stage: Connecting, Err: err}
	}
	if m.settings.Security != TLS {
		return conn, nil
	}
	encrypted := tls.Client(conn, m.tls())
	if err := encrypted.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(&Error{Stage: Encrypting, Err: err}, ignoreClosed(conn.Close()))
	}
	return encrypted, nil
}

func (m *Mailer) tls() *tls.Config {
	return &tls.Config{ServerName: m.settings.Host, RootCAs: m.settings.Roots, MinVersion: tls.VersionTLS12}
}

// greet brings a new connection to where letters are taken. Errors: *Error, without the server's name.
func (m *Mailer) greet(conn net.Conn) (*protocol.Client, error) {
	client, err := protocol.NewClient(conn, m.settings.Host)
	if err != nil {
		return nil, refusal(Greeting, err)
	}
	if err := client.Hello(m.settings.From.Domain()); err != nil {
		return nil, refusal(Greeting, err)
	}
	if m.settings.Security == StartTLS {
		if offered, _ := client.Extension("STARTTLS"); !offered {
			return nil, &Error{Stage: Encrypting, Err: ErrNoSTARTTLS}
		}
		if err := client.StartTLS(m.tls()); err != nil {
			return nil, refusal(Encrypting, err)
		}
	}
	if m.settings.Username == "" {
		return client, nil
	}
	mechanism, err := m.mechanism(client)
	if err != nil {
		return nil, &Error{Stage: SigningIn, Err: err}
	}
	if err := client.Auth(mechanism); err != nil {
		return nil, refusal(SigningIn, err)
	}
	return client, nil
}

// mechanism returns the best way to sign in that the server offers. Errors: ErrNoMechanism.
func (m *Mailer) mechanism(client *protocol.Client) (protocol.Auth, error) {
	s := m.settings
	open := s.Security == None // then whoever configured it said that everything may be seen
	_, offered := client.Extension("AUTH")
	for _, way := range []struct {
		name string
		auth protocol.Auth
	}{
		{"SCRAM-SHA-256", protocol.ScramSHA256Auth(s.Username, s.Password)},
		{"SCRAM-SHA-1", protocol.ScramSHA1Auth(s.Username, s.Password)},
		{"PLAIN", protocol.PlainAuth("", s.Username, s.Password, s.Host, open)},
		{"LOGIN", protocol.LoginAuth(s.Username, s.Password, s.Host, open)},
	} {
		for name := range strings.FieldsSeq(offered) {
			if strings.EqualFold(name, way.name) {
				return way.auth, nil
			}
		}
	}
	return nil, ErrNoMechanism
}

// deliver hands over one letter. Errors: *Error, without the server's name.
func deliver(client *protocol.Client, sealed eml.Envelope) error {
	international := !ascii(sealed.From) || !ascii(sealed.To)
	client.SkipSMTPUTF8(!international) // servers behind this one may not know it
	if offered, _ := client.Extension("SMTPUTF8"); international && !offered {
		return &Error{Stage: NamingReader, Err: ErrNotInternational}
	}
	if err := client.Mail("<" + sealed.From + ">"); err != nil {
		return refusal(NamingSender, err)
	}
	if err := client.Rcpt("<" + sealed.To + ">"); err != nil {
		return refusal(NamingReader, err)
	}
	body, err := client.Data()
	if err != nil {
		return refusal(HandingOver, err)
	}
	if _, err := body.Write(sealed.Message); err != nil {
		return refusal(HandingOver, err) // the end is not written: a part of a letter is none
	}
	if err := body.Close(); err != nil {
		return refusal(HandingOver, err)
	}
	return nil
}

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// ignoreClosed returns no error for a connection that was closed before.
func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
