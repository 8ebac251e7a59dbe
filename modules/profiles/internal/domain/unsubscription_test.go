package domain_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

var keyOfAda = domain.Secret{1, 31: 7}

// settingsWithKey are those of somebody who has been mailed.
func settingsWithKey(member uuid.UUID, key domain.Secret) *domain.NotificationSettings {
	s := domain.NewNotificationSettings(member)
	s.KeepKey(key)
	s.Settle()
	return s
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	s := settingsWithKey(ada, keyOfAda)
	require.NoError(t, s.Mute([]domain.NoticeKind{domain.NoticeWon}))
	link := domain.NewUnsubscription(keyOfAda, ada, domain.NoticeOutbid).String()
	require.Regexp(t, `^[0-9A-Za-z_-]+$`, link)
	read, err := domain.ParseUnsubscription(link)
	require.NoError(t, err)
	require.Equal(t, ada, read.Member)
	require.Equal(t, domain.NoticeOutbid, read.Kind)
	require.NoError(t, s.Unsubscribe(read))
	require.Equal(t, []domain.NoticeKind{domain.NoticeOutbid, domain.NoticeWon}, s.State().Muted)
	s.Settle()
	require.NoError(t, s.Unsubscribe(read))
	_, changed := s.Settle()
	require.False(t, changed, "again")
}

func TestNoOtherLinkUnsubscribes(t *testing.T) {
	t.Parallel()
	eve := uuid.New()
	good := domain.NewUnsubscription(keyOfAda, ada, domain.NoticeOutbid)
	stolen := domain.NewUnsubscription(keyOfAda, eve, domain.NoticeOutbid)
	turned := good
	turned.Kind = domain.NoticeWon
	moved := domain.NewUnsubscription(domain.Secret{2}, eve, domain.NoticeOutbid)
	moved.Member = ada
	for name, u := range map[string]domain.Unsubscription{
		"of another member": stolen, "of another kind": turned, "with another's key": moved,
		"of a security notice, made with the key":        domain.NewUnsubscription(keyOfAda, ada, domain.NoticeNewSignIn),
		"of a kind that there is not, made with the key": domain.NewUnsubscription(keyOfAda, ada, "gossip"),
		"of nobody": {},
	} {
		s := settingsWithKey(ada, keyOfAda)
		require.Error(t, s.Unsubscribe(u), name)
		require.Empty(t, s.State().Muted, name)
	}
	require.ErrorIs(t, settingsWithKey(eve, domain.Secret{2}).Unsubscribe(good), domain.ErrInvalidUnsubscription)

	never := domain.NewNotificationSettings(ada)
	guessed := domain.NewUnsubscription(domain.Secret{}, ada, domain.NoticeOutbid)
	require.ErrorIs(t, never.Unsubscribe(guessed), domain.ErrInvalidUnsubscription, "who was never mailed has no key")
	gone := settingsWithKey(ada, keyOfAda)
	gone.Delete()
	require.ErrorIs(t, gone.Unsubscribe(good), domain.ErrInvalidUnsubscription)
}

func TestParseUnsubscription(t *testing.T) {
	t.Parallel()
	good := domain.NewUnsubscription(keyOfAda, ada, domain.NoticeOutbid).String()
	for name, text := range map[string]string{
		"nothing": "", "its beginning": good[:64], "other letters": "%" + good[1:], "a line break": good + "\n",
		"more than any has": good + strings.Repeat("a", 200), "no text": "ü",
	} {
		_, err := domain.ParseUnsubscription(text)
		require.ErrorIs(t, err, domain.ErrInvalidUnsubscription, name)
	}
}
