package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

var both = domain.Channels{Mailed: true, Listed: true}

func outbid(change ...func(*domain.News)) domain.News {
	n := domain.News{
		Kind: domain.NoticeOutbid, Subject: "Outbid", Text: "Somebody leads.", About: uuid.Max, Path: "/listings/1", At: noon,
	}
	for _, c := range change {
		c(&n)
	}
	return n
}

// newNotice returns one as it is stored, with a mail that is due a minute later.
func newNotice(t *testing.T) *domain.Notice {
	t.Helper()
	n, err := domain.NewNotice(uuid.New(), uuid.Max, outbid(), both, noon.Add(time.Minute), noon)
	require.NoError(t, err)
	n.Settle()
	return n
}

func TestNewNotice(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		news domain.News
		ok   bool
	}{
		"news":                           {outbid(), true},
		"news of a kind that is unknown": {outbid(func(n *domain.News) { n.Kind = "gossip" }), false},
		"no subject":                     {outbid(func(n *domain.News) { n.Subject = " \n\x00" }), false},
		"no text":                        {outbid(func(n *domain.News) { n.Text = "" }), true},
		"no time":                        {outbid(func(n *domain.News) { n.At = time.Time{} }), false},
		"no page":                        {outbid(func(n *domain.News) { n.Path = "" }), true},
		"a page of another site":         {outbid(func(n *domain.News) { n.Path = "//eve.example.org" }), false},
		"a page with a scheme":           {outbid(func(n *domain.News) { n.Path = "https://eve.example.org" }), false},
		"a page that browsers rewrite":   {outbid(func(n *domain.News) { n.Path = `/\eve.example.org` }), false},
		"a page with a line break":       {outbid(func(n *domain.News) { n.Path = "/a\n" }), false},
		"a page as long as may be":       {outbid(func(n *domain.News) { n.Path = "/" + strings.Repeat("a", 199) }), true},
		"a page that is too long":        {outbid(func(n *domain.News) { n.Path = "/" + strings.Repeat("a", 200) }), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := domain.NewNotice(uuid.New(), uuid.Max, test.news, both, time.Time{}, noon)
			if test.ok {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, domain.ErrInvalidNews)
			}
		})
	}
	t.Run("needs an id and a member", func(t *testing.T) {
		t.Parallel()
		_, err := domain.NewNotice(uuid.Nil, uuid.Max, outbid(), both, time.Time{}, noon)
		require.ErrorIs(t, err, domain.ErrInvalidNews)
		_, err = domain.NewNotice(uuid.Max, uuid.Nil, outbid(), both, time.Time{}, noon)
		require.ErrorIs(t, err, domain.ErrInvalidNews)
	})
	t.Run("keeps as much as fits of what can be seen", func(t *testing.T) {
		t.Parallel()
		for most, want := range map[int]string{199: strings.Repeat("ü", 199), 200: strings.Repeat("ü", 200), 201: strings.Repeat("ü", 199) + "…"} {
			n, err := domain.NewNotice(uuid.New(), uuid.Max, outbid(func(n *domain.News) {
				n.Subject = strings.Repeat("ü", most)
				n.Text = "  one\r\nline\u202e\n\n \n\ntwo\tlines\xff\n"
			}), both, time.Time{}, noon)
			require.NoError(t, err)
			require.Equal(t, want, n.State().Subject)
			require.Equal(t, "one line\n\ntwo lines", n.State().Text)
		}
		n, err := domain.NewNotice(uuid.New(), uuid.Max, outbid(func(n *domain.News) { n.Text = strings.Repeat("a", 4001) }), both, time.Time{}, noon)
		require.NoError(t, err)
		require.Len(t, []rune(n.State().Text), 4000)
	})
	t.Run("is mailed and listed as the channels say", func(t *testing.T) {
		t.Parallel()
		for _, to := range []domain.Channels{{}, {Mailed: true}, {Listed: true}, both} {
			n, err := domain.NewNotice(uuid.New(), uuid.Max, outbid(), to, time.Time{}, noon)
			require.NoError(t, err)
			require.Equal(t, to.Listed, n.State().Listed)
			require.Equal(t, to.Mailed, n.DueForMail(noon))
		}
	})
}

func TestRetell(t *testing.T) {
	t.Parallel()
	later := outbid(func(n *domain.News) { n.Subject, n.At = "Outbid again", noon.Add(time.Second) })
	tests := map[string]struct {
		before  func(*domain.Notice)
		news    domain.News
		changes bool
	}{
		"other words":                     {nil, later, true},
		"other words of the same instant": {nil, outbid(func(n *domain.News) { n.Subject = "You are outbid" }), true},
		"the same words":                  {nil, outbid(), false},
		"words of an earlier instant": {nil, outbid(func(n *domain.News) {
			n.Subject, n.At = "First", noon.Add(-time.Microsecond)
		}), false},
		"other words when the mail was tried": {func(n *domain.Notice) { n.Attempt(time.Minute, noon) }, later, false},
		"other words when there is no mail":   {(*domain.Notice).DropMail, later, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNotice(t)
			n.Read(noon)
			if test.before != nil {
				test.before(n)
			}
			n.Settle()
			before := n.State()
			require.NoError(t, n.Retell(uuid.Max, test.news, noon.Add(time.Hour), noon))
			_, changed := n.Settle()
			require.Equal(t, test.changes, changed)
			if !test.changes {
				require.Equal(t, before, n.State())
				return
			}
			require.Equal(t, test.news, n.State().News)
			require.Zero(t, n.State().ReadAt)
			require.Equal(t, before.DueAt, n.State().DueAt, "it does not become due later")
		})
	}
	t.Run("can make the mail due earlier", func(t *testing.T) {
		t.Parallel()
		n := newNotice(t)
		require.NoError(t, n.Retell(uuid.Max, later, time.Time{}, noon.Add(time.Second)))
		require.Equal(t, noon.Add(time.Second), n.State().DueAt)
	})
	t.Run("is refused for another member and for what is no news", func(t *testing.T) {
		t.Parallel()
		n := newNotice(t)
		require.ErrorIs(t, n.Retell(uuid.New(), later, time.Time{}, noon), domain.ErrInvalidNews)
		require.ErrorIs(t, n.Retell(uuid.Max, domain.News{}, time.Time{}, noon), domain.ErrInvalidNews)
	})
}

func TestMailOfNotice(t *testing.T) {
	t.Parallel()
	t.Run("is due in time and held while it is tried", func(t *testing.T) {
		t.Parallel()
		n := newNotice(t)
		due := noon.Add(time.Minute)
		require.False(t, n.DueForMail(due.Add(-time.Microsecond)))
		require.True(t, n.DueForMail(due))
		n.Attempt(time.Minute, due)
		require.Equal(t, 1, n.State().Attempts)
		require.False(t, n.DueForMail(due.Add(time.Minute-time.Microsecond)))
		require.True(t, n.DueForMail(due.Add(time.Minute)))
	})
	t.Run("is sent once", func(t *testing.T) {
		t.Parallel()
		n := newNotice(t)
		n.Attempt(time.Minute, noon)
		n.Failed("busy", time.Hour, noon)
		n.Sent(noon.Add(time.Second))
		n.Settle()
		sent := n.State()
		require.Equal(t, noon.Add(time.Second), sent.SentAt)
		require.Zero(t, sent.DueAt)
		require.Empty(t, sent.Failure)
		n.Sent(noon.Add(time.Hour))
		n.Failed("late news of another server", time.Hour, noon)
		require.Equal(t, sent, n.State())
	})
	t.Run("is tried again after a failure, or given up", func(t *testing.T) {
		t.Parallel()
		n := newNotice(t)
		n.Attempt(time.Minute, noon)
		n.Failed("refused\r\nfor now", time.Hour, noon)
		require.Equal(t, "refused for now", n.State().Failure)
		require.Equal(t, noon.Add(time.Hour), n.State().DueAt)
		require.Zero(t, n.State().GivenUpAt)
		n.Failed("refused", 0, noon)
		require.Zero(t, n.State().DueAt)
		require.Equal(t, noon, n.State().GivenUpAt)
	})
	t.Run("is put back as it was, unless another attempt was begun", func(t *testing.T) {
		t.Parallel()
		n := newNotice(t)
		n.Settle()
		before := n.State()
		n.Attempt(time.Minute, noon.Add(time.Hour))
		n.PutBack(1, before.DueAt)
		require.Equal(t, before, n.State())
		n.PutBack(0, noon)
		require.Equal(t, before, n.State(), "it is not tried")

		n.Attempt(time.Minute, noon)
		n.Attempt(time.Minute, noon.Add(time.Minute))
		others := n.State()
		n.PutBack(1, before.DueAt)
		require.Equal(t, others, n.State())
		n.Sent(noon)
		sent := n.State()
		n.PutBack(2, before.DueAt)
		require.Equal(t, sent, n.State())
	})
	t.Run("is dropped once", func(t *testing.T) {
		t.Parallel()
		n := newNotice(t)
		n.DropMail()
		_, changed := n.Settle()
		require.True(t, changed)
		n.DropMail()
		_, changed = n.Settle()
		require.False(t, changed)
	})
	t.Run("is read once", func(t *testing.T) {
		t.Parallel()
		n := newNotice(t)
		n.Read(noon)
		n.Read(noon.Add(time.Hour))
		require.Equal(t, noon, n.State().ReadAt)
	})
}
