package memory_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/mailtest"
	"github.com/gavelhq/gavel/platform/mail/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMailerContract(t *testing.T) {
	t.Parallel()
	mailtest.Run(t, func(*testing.T) mail.Mailer { return memory.NewMailer() })
}

func TestMailer(t *testing.T) {
	t.Parallel()
	toAda, toBob, again := mailtest.Letter("ada@example.org"), mailtest.Letter("bob@example.org"), mailtest.Letter("ada@example.org")

	t.Run("keeps letters in their order", func(t *testing.T) {
		t.Parallel()
		m := memory.NewMailer()
		for _, letter := range []mail.Message{toAda, toBob, again} {
			require.NoError(t, m.Send(t.Context(), letter))
		}
		require.Equal(t, []mail.Message{toAda, toBob, again}, m.All())
		require.Equal(t, []mail.Message{toAda, again}, m.To("ada@example.org"))
		require.Empty(t, m.To("eve@example.org"))
	})
	t.Run("waits for letters", func(t *testing.T) {
		t.Parallel()
		m := memory.NewMailer()
		sent := make(chan error, 1)
		go func() {
			sent <- errors.Join(m.Send(t.Context(), toAda), m.Send(t.Context(), toBob), m.Send(t.Context(), again))
		}()
		letters, err := m.Await(t.Context(), "ada@example.org", 2)
		require.NoError(t, err)
		require.Equal(t, []mail.Message{toAda, again}, letters)
		require.NoError(t, <-sent)
	})
	t.Run("says how many came when it waits no longer", func(t *testing.T) {
		t.Parallel()
		m := memory.NewMailer()
		require.NoError(t, m.Send(t.Context(), toAda))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := m.Await(ctx, "ada@example.org", 2)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorContains(t, err, "of which 1 came")
	})
	t.Run("fails while it is broken", func(t *testing.T) {
		t.Parallel()
		m := memory.NewMailer()
		trouble := errors.New("no more stamps")
		m.Break(trouble)
		require.ErrorIs(t, m.Send(t.Context(), toAda), trouble)
		m.Break(nil)
		require.NoError(t, m.Send(t.Context(), toBob))
		require.Equal(t, []mail.Message{toBob}, m.All())
	})
}
