package mail_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/mail"
)

func TestAPanicOfAMailerIsAnErrorWithoutTheLetter(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	require.NoError(t, mail.HandOver(func() error { return nil }))
	require.ErrorIs(t, mail.HandOver(func() error { return refused }), refused)

	err := mail.HandOver(func() error { panic("Dear Ada, your secret is 1234") })
	require.EqualError(t, err, "the mailer panicked with a string")

	var letters map[string]string
	err = mail.HandOver(func() error { letters["ada"] = "Dear Ada"; return nil })
	require.ErrorContains(t, err, "assignment to entry in nil map")
}
