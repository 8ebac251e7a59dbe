package sitetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
)

// NoticeMail keeps the letters about notices.
type NoticeMail struct{ Letters []app.NoticeLetter }

// Mail keeps the letter.
func (m *NoticeMail) Mail(_ context.Context, letter app.NoticeLetter) error {
	m.Letters = append(m.Letters, letter)
	return nil
}

// MailNotices mails the notices that are due, and returns the last letter.
func (s *Site) MailNotices(t *testing.T) app.NoticeLetter {
	t.Helper()
	due, err := s.mailNotices.Due(t.Context(), 100)
	require.NoError(t, err)
	for _, d := range due {
		_, err := s.mailNotices.Do(t.Context(), d.ID)
		require.NoError(t, err)
	}
	require.NotEmpty(t, s.Mailed.Letters)
	return s.Mailed.Letters[len(s.Mailed.Letters)-1]
}

// MailNoticesBy returns what mails the notices by another mail.
func (s *Site) MailNoticesBy(m app.NoticeMail) *app.MailNotices {
	return app.NewMailNotices(s.House, s.notices, s.recipients, m, time.Minute, app.DefaultMailPatience())
}

// silentBell wakes nobody.
type silentBell struct{}

func (silentBell) Ring(context.Context) error { return nil }
