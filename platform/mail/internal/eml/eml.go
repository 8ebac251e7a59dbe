// Package eml writes letters as e-mail messages (RFC 5322 and MIME), for the adapters that hand them on.
package eml

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/gavelhq/gavel/platform/mail"
)

// Envelope is a message with what stands on the outside.
type Envelope struct {
	From, To string // addresses alone
	Message  []byte // headers and body, with CRLF
}

// Seal writes a letter that is sent at an instant: as plain text, and as a page too when it has one. The same notice has
// the same Message-ID. Answering machines are told that nobody wrote it. Errors: mail.ErrMalformed.
func Seal(from mail.Sender, letter mail.Message, at time.Time) (Envelope, error) {
	if err := letter.Check(); err != nil {
		return Envelope{}, err
	}
	if !mail.IsAddress(from.Address) {
		return Envelope{}, fmt.Errorf("%w: it is not from an address", mail.ErrMalformed)
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&netmail.Address{Name: from.Name, Address: from.Address})
	m.ToMailAddress(&netmail.Address{Address: letter.To})
	m.Subject(letter.Subject)
	m.SetMessageIDWithValue(letter.ID + "@" + from.Domain())
	m.SetDateWithValue(at.UTC())
	m.SetGenHeader("Auto-Submitted", "auto-generated")        // RFC 3834
	m.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All") // the same for Exchange
	if letter.Unsubscribe != "" {
		m.SetGenHeaderPreformatted("List-Unsubscribe", "<"+letter.Unsubscribe+">") // RFC 2369; folded, it would be another address
		if strings.HasPrefix(letter.Unsubscribe, "https://") {
			m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") // RFC 8058
		}
	}
	m.SetBodyString(gomail.TypeTextPlain, letter.Text)
	if letter.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, letter.HTML)
	}
	var message bytes.Buffer
	if _, err := m.WriteTo(&message); err != nil {
		return Envelope{}, fmt.Errorf("write the message: %w", err)
	}
	return Envelope{From: from.Address, To: letter.To, Message: message.Bytes()}, nil
}
