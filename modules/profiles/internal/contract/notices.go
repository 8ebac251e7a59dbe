package contract

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// noticeCases are about what members are told of their notices, and the post office.
var noticeCases = []testCase{
	{"notices are listed, the newest first", noticesListed},
	{"mails are due in the order of their time", mailsDue},
}

func (s *subject) notices(t *testing.T, member uuid.UUID, unread bool) []app.NoticeRecord {
	t.Helper()
	return pages(t, "notices", func(r page.Request) (page.Of[app.NoticeRecord], error) {
		return s.Views.Notices(t.Context(), member, unread, r)
	}, func(r app.NoticeRecord) (time.Time, uuid.UUID) { return r.News.At, r.ID })
}

// edit runs a command on a stored notice.
func (s *subject) edit(t *testing.T, id uuid.UUID, command func(*domain.Notice)) {
	t.Helper()
	s.must(t, func(ctx context.Context) error {
		n, err := s.Notices.Get(ctx, id)
		if err == nil {
			command(n)
		}
		return err
	})
}

func noticesListed(t *testing.T, s *subject) {
	ada, bob := newID(), newID()
	var want []app.NoticeRecord // the newest first
	for i := range 5 {
		at := noon.Add(time.Duration(i/2) * microsecond)
		id := s.notice(t, ada, at)
		news := domain.News{Kind: domain.NoticeOutbid, Subject: "Outbid", Text: "By somebody.", At: at}
		want = append([]app.NoticeRecord{{ID: id, News: news}}, want...)
	}
	s.notice(t, bob, noon)
	s.noticeTo(t, ada, noon, domain.Channels{Mailed: true})
	require.Equal(t, want, s.notices(t, ada, false))
	require.Equal(t, want, s.notices(t, ada, true))

	s.edit(t, want[1].ID, func(n *domain.Notice) { n.Read(noon.Add(day)) })
	want[1].ReadAt = noon.Add(day)
	require.Equal(t, want, s.notices(t, ada, false))
	unread := append([]app.NoticeRecord{want[0]}, want[2:]...)
	require.Equal(t, unread, s.notices(t, ada, true))
	count := func(member uuid.UUID) int {
		n, err := s.Views.CountUnread(t.Context(), member)
		require.NoError(t, err)
		return n
	}
	require.Equal(t, 4, count(ada))
	require.Equal(t, 1, count(bob))
	require.Zero(t, count(newID()))
	for limit, want := range map[int][]uuid.UUID{
		-1: nil, 0: nil, 2: {unread[0].ID, unread[1].ID},
		9: {unread[0].ID, unread[1].ID, unread[2].ID, unread[3].ID},
	} {
		got, err := s.Views.UnreadNotices(t.Context(), ada, limit)
		require.NoError(t, err)
		require.Equal(t, want, got, limit)
	}
}

func mailsDue(t *testing.T, s *subject) {
	ask := func(limit int) []app.MailDue {
		due, err := s.Views.MailDue(t.Context(), limit)
		require.NoError(t, err)
		return due
	}
	require.Empty(t, ask(10))
	later, sooner, same := s.notice(t, newID(), noon.Add(day)), s.notice(t, newID(), noon), s.notice(t, newID(), noon)
	s.noticeTo(t, newID(), noon, domain.Channels{Listed: true})
	sent, dropped, given := s.notice(t, newID(), noon), s.notice(t, newID(), noon), s.notice(t, newID(), noon)
	s.edit(t, sent, func(n *domain.Notice) { n.Sent(noon) })
	s.edit(t, dropped, (*domain.Notice).DropMail)
	s.edit(t, given, func(n *domain.Notice) { n.Failed("for good", 0, noon) })
	want := []app.MailDue{{ID: sooner, At: noon}, {ID: same, At: noon}, {ID: later, At: noon.Add(day)}}
	require.Equal(t, want, ask(10))
	require.Equal(t, want[:2], ask(2))
	require.Empty(t, ask(0))
	require.Empty(t, ask(-1))

	s.edit(t, sooner, func(n *domain.Notice) { n.Attempt(2*day, noon) })
	require.Equal(t, []app.MailDue{want[1], want[2], {ID: sooner, At: noon.Add(2 * day)}}, ask(10))
}
