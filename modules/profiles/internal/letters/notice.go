package letters

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/stationery"
)

// NoticeMail is the app.NoticeMail that writes in the same layout as Letters and hands the letters to a mail.Mailer.
type NoticeMail struct {
	mailer mail.Mailer
	paper  *stationery.Writer
}

var _ app.NoticeMail = (*NoticeMail)(nil)

// NewNoticeMail returns the notice mail on the paper of a house.
func NewNoticeMail(mailer mail.Mailer, paper *stationery.Writer) *NoticeMail {
	return &NoticeMail{mailer: mailer, paper: paper}
}

// Mail returns when the letter was accepted. Its Message-ID is the notice's id, each time. Errors:
// app.ErrUnmailable, app.ErrNoServer; those of a mail.Mailer.
func (m *NoticeMail) Mail(ctx context.Context, notice app.NoticeLetter) error {
	err := m.mailer.Send(ctx, m.write(notice))
	switch {
	case errors.Is(err, mail.ErrMalformed), errors.Is(err, mail.ErrRefused):
		return fmt.Errorf("%w: %w", app.ErrUnmailable, err)
	case errors.Is(err, mail.ErrNoServer):
		return fmt.Errorf("%w: %w", app.ErrNoServer, err)
	default:
		return err
	}
}

func (m *NoticeMail) write(n app.NoticeLetter) mail.Message {
	content := stationery.Letter{
		Subject: stationery.OneLine(n.Subject),
		Handle:  n.Handle,
		Before:  []string{stationery.OneLine(n.Subject) + "."},
	}
	if n.Unsubscribe != "" {
		content.Unsubscribe = m.paper.Page("", "/unsubscribe", "token", n.Unsubscribe).URL
	}
	if n.Text != "" {
		content.Before = nil
		for paragraph := range strings.SplitSeq(n.Text, "\n\n") {
			content.Before = append(content.Before, stationery.OneLine(paragraph))
		}
	}
	if n.Path != "" {
		content.Link = m.paper.Page("Look at it", n.Path, "", "")
	}
	return m.paper.Write(n.ID.String(), n.To, content)
}
