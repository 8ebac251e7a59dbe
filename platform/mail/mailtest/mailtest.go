// Package mailtest holds what tests need of mail: the seam that keeps letters in memory, and what every Mailer promises.
package mailtest

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/memory"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// InMemory swaps the program's mail.Mailer for one in memory, which fx.Populate finds as *memory.Mailer. The start fails
// if it ends up unused.
func InMemory() fx.Option {
	mailer := memory.NewMailer()
	return fx.Options(platformtest.Swap[mail.Mailer](mailer), fx.Supply(mailer))
}

// Letter returns a letter to an address, different from every other.
func Letter(to string) mail.Message {
	id := uuid.Must(uuid.NewV7()).String()
	return mail.Message{
		ID:      id,
		To:      to,
		Subject: "Überboten",
		Text:    "The token is s3cret-" + id + ".\n.\n",
		HTML:    "<p>The token is s3cret-" + id + ".</p>",
	}
}

// Run tries what every Mailer promises beside delivering letters. The Mailer could deliver any letter to
// ada@example.org.
func Run(t *testing.T, newMailer func(t *testing.T) mail.Mailer) {
	t.Helper()
	malformed := map[string]func(*mail.Message){
		"an address with a further header": func(m *mail.Message) { m.To += "\r\nBcc: eve@example.org" },
		"an address with a line break":     func(m *mail.Message) { m.To += "\n" },
		"a second address":                 func(m *mail.Message) { m.To += ", eve@example.org" },
		"a subject with a further header":  func(m *mail.Message) { m.Subject += "\r\nBcc: eve@example.org" },
		"a subject with a line break":      func(m *mail.Message) { m.Subject += "\nand more" },
		"an ID that is a path":             func(m *mail.Message) { m.ID = "../" + m.ID },
	}
	for name, change := range malformed {
		t.Run("refuses "+name, func(t *testing.T) {
			t.Parallel()
			letter := Letter("ada@example.org")
			change(&letter)
			err := newMailer(t).Send(t.Context(), letter)
			require.ErrorIs(t, err, mail.ErrMalformed)
			Silent(t, err, letter)
		})
	}
	t.Run("sends a letter", func(t *testing.T) {
		t.Parallel()
		require.NoError(t, newMailer(t).Send(t.Context(), Letter("ada@example.org")))
	})
	t.Run("sends nothing when nobody waits for it any more", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		letter := Letter("ada@example.org")
		err := newMailer(t).Send(ctx, letter)
		require.ErrorIs(t, err, context.Canceled)
		Silent(t, err, letter)
	})
}

// Silent requires that an error tells nothing of a letter.
func Silent(t *testing.T, err error, letter mail.Message) {
	t.Helper()
	for _, secret := range []string{letter.Subject, letter.Text, letter.HTML, "s3cret", "ada@", "eve@"} {
		require.NotContains(t, err.Error(), secret)
	}
}
