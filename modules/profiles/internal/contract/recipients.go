package contract

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// recipientCases say who can be told news.
var recipientCases = []testCase{
	{"recipients are the active ones of the members, with what they want", recipientsActive},
	{"recipients are told inside units only", recipientsInUnits},
	{"what became of a mail is stored", mailStored},
}

// recipients asks in a unit of its own.
func (s *subject) recipients(t *testing.T, members ...uuid.UUID) (found map[uuid.UUID]app.RecipientRecord) {
	t.Helper()
	s.must(t, func(ctx context.Context) (err error) {
		found, err = s.Recipients.Recipients(ctx, members)
		return err
	})
	return found
}

func recipientsActive(t *testing.T, s *subject) {
	require.Empty(t, s.recipients(t))
	ada := s.register(t, registration{handle: "ada", email: "ada@example.org"})
	bob := s.register(t, registration{handle: "bob", email: "bob@example.org", unverified: true})
	s.register(t, registration{handle: "eve"})
	pending := s.register(t, registration{pending: true})
	suspended := s.register(t, registration{}, func(a *domain.Account) { must(a.Suspend(uuid.Nil, noon)) })
	deleted := s.register(t, registration{}, func(a *domain.Account) { must(a.Delete(noon)) })
	s.must(t, func(ctx context.Context) error {
		settings, err := s.Settings.Get(ctx, ada)
		if err != nil {
			return err
		}
		must(settings.Mute([]domain.NoticeKind{domain.NoticeWon, domain.NoticeLost}))
		must(settings.Unlist([]domain.NoticeKind{domain.NoticeSold}))
		settings.KeepKey(secret(1))
		return nil
	})
	want := map[uuid.UUID]app.RecipientRecord{
		ada: {
			Handle: "ada", Email: "ada@example.org", Verified: true, Key: secret(1),
			Muted: []domain.NoticeKind{domain.NoticeLost, domain.NoticeWon}, Unlisted: []domain.NoticeKind{domain.NoticeSold},
		},
		bob: {Handle: "bob", Email: "bob@example.org"},
	}
	require.Equal(t, want, s.recipients(t, bob, pending, ada, suspended, bob, deleted, newID(), uuid.Nil))
}

func recipientsInUnits(t *testing.T, s *subject) {
	_, err := s.Recipients.Recipients(t.Context(), nil)
	require.ErrorIs(t, err, uow.ErrNoUnit)
	var kept context.Context
	s.must(t, func(ctx context.Context) error {
		kept = ctx
		return nil
	})
	_, err = s.Recipients.Recipients(kept, nil)
	require.ErrorIs(t, err, uow.ErrEnded)
}

// mailStored stores the states of a notice that no other case does.
func mailStored(t *testing.T, s *subject) {
	for _, end := range []func(*domain.Notice){
		func(n *domain.Notice) { n.Sent(noon.Add(microsecond)) },
		func(n *domain.Notice) { n.Failed("nobody answers", 0, noon.Add(microsecond)) },
	} {
		id := s.notice(t, newID(), noon)
		var want domain.NoticeState
		s.must(t, func(ctx context.Context) error {
			n, err := s.Notices.Get(ctx, id)
			if err != nil {
				return err
			}
			end(n)
			want = n.State()
			return nil
		})
		want.Version++
		s.must(t, func(ctx context.Context) error {
			n, err := s.Notices.Get(ctx, id)
			if err == nil {
				require.Equal(t, want, n.State())
			}
			return err
		})
	}
}

// notice stores news for the member, to be listed and mailed at once, and returns its id.
func (s *subject) notice(t *testing.T, member uuid.UUID, at time.Time) uuid.UUID {
	t.Helper()
	return s.noticeTo(t, member, at, domain.Channels{Listed: true, Mailed: true})
}

func (s *subject) noticeTo(t *testing.T, member uuid.UUID, at time.Time, to domain.Channels) uuid.UUID {
	t.Helper()
	id := newID()
	s.must(t, func(ctx context.Context) error {
		news := domain.News{Kind: domain.NoticeOutbid, Subject: "Outbid", Text: "By somebody.", At: at}
		return s.Notices.Add(ctx, must1(domain.NewNotice(id, member, news, to, time.Time{}, at)))
	})
	return id
}
