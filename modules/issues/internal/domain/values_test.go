package domain_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

func TestPrioritiesAreRanked(t *testing.T) {
	t.Parallel()
	for rank, p := range domain.Priorities {
		require.Equal(t, rank+1, p.Rank())
	}
	require.Zero(t, domain.Priority("immediate").Rank())
}

func TestASecretIsKept(t *testing.T) {
	t.Parallel()
	s := domain.Secret{'x', 'y', 'z'}
	require.Equal(t, domain.Hash(sha256.Sum256(s[:])), s.Hash())
	require.Equal(t, "[secret] [secret] [secret]", fmt.Sprintf("%s %v %#v", s, s, s))
}

func TestMailedTextIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var s domain.Secret
		id := issueID(1)
		copy(s[:], rapid.SliceOfN(rapid.Byte(), domain.SecretSize, domain.SecretSize).Draw(t, "secret"))
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		text := domain.MailedText(id, s)
		require.Regexp(t, `^[A-Za-z0-9_-]{64}$`, text)
		gotID, gotSecret, err := domain.ParseMailedText(text)
		require.NoError(t, err)
		require.Equal(t, id, gotID)
		require.Equal(t, s, gotSecret)
	})
	text := domain.MailedText(issueID(1), secret(1))
	for name, wrong := range map[string]string{
		"nothing": "", "one character less": text[1:], "three bytes more": text + "AAAA", "padding": text + "=",
		"a line break": text[:10] + "\n" + text[10:], "another alphabet": strings.Repeat("+", 64),
	} {
		_, _, err := domain.ParseMailedText(wrong)
		require.ErrorIs(t, err, domain.ErrIssueNotFound, name)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	local, host := strings.Repeat("a", 64), strings.Repeat("b", 63)
	long := "x@" + strings.Repeat(host+".", 3) + strings.Repeat("c", 60) // 254
	for text, good := range map[string]bool{
		"vera@example.org": true, "Vera.Öl+x@a.b-c.example": true, local + "@a.b": true, local + "a@a.b": false,
		"x@" + host + ".org": true, "x@" + host + "b.org": false, long: true, long + "c": false,
		"": false, "vera": false, "@a.b": false, "vera@": false, "vera@localhost": false, "a@b@c.d": false, "a b@c.d": false,
		".a@b.c": false, "a.@b.c": false, "a..b@c.d": false, "a@-b.c": false, "a@b-.c": false, "a@b..c": false, "a@b.ö": false,
		"a\n@b.c": false, "a\u202e@b.c": false, "a\u00a0@b.c": false, "a\xff@b.c": false, "<a>@b.c": false,
	} {
		e, err := domain.NewEmail(text)
		if !good {
			require.ErrorIs(t, err, domain.ErrInvalidEmail, text)
			continue
		}
		require.NoError(t, err, text)
		require.Equal(t, text, e.String())
		require.Equal(t, e, domain.RestoreEmail(text))
	}
}
