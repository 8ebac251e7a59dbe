package app_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/uow"
)

// keep is how long notices are kept in these tests.
const keep = 90 * 24 * time.Hour

// bell counts how often it was rung.
type bell struct{ rung int }

func (b *bell) Ring(context.Context) error {
	b.rung++
	return nil
}

// notify tells news in a unit of its own.
func (h *house) notify(notices ...profilesapi.Notice) error {
	u := app.NewNotify(h.parts.Work, h.notices, h.recipients, &bell{}, h.clock, keep)
	return h.parts.Work.Do(h.t.Context(), func(ctx context.Context) error { return u.Notify(ctx, notices...) })
}

// noticed returns the notice with the id, and false if there is none.
func (h *house) noticed(id uuid.UUID) (state domain.NoticeState, there bool) {
	h.t.Helper()
	err := h.parts.Work.Do(h.t.Context(), func(ctx context.Context) error {
		n, err := h.notices.Get(ctx, id)
		if err == nil {
			state = n.State()
		}
		return err
	})
	if err != nil {
		require.ErrorIs(h.t, err, domain.ErrNoticeNotFound)
	}
	return state, err == nil
}

func outbid(member uuid.UUID) profilesapi.Notice {
	return profilesapi.Notice{
		ID: uuid.New(), Member: member, Kind: profilesapi.NoticeOutbid, Subject: "You are outbid", Text: "On a clock.",
		About: uuid.Max, Path: "/listings/1", At: noon,
	}
}

func TestNotify(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	told := outbid(ada)
	told.MailAt = noon.Add(time.Minute)
	require.NoError(t, h.notify(told))
	got, there := h.noticed(told.ID)
	require.True(t, there)
	require.Equal(t, domain.NoticeState{
		ID: told.ID, Version: 1, Member: ada, Listed: true, DueAt: told.MailAt,
		News: domain.News{
			Kind: domain.NoticeOutbid, Subject: told.Subject, Text: told.Text, About: told.About, Path: told.Path, At: noon,
		},
	}, got)

	again := told
	again.Subject, again.At = "You are outbid twice", noon.Add(time.Second)
	require.NoError(t, h.notify(again))
	got, _ = h.noticed(told.ID)
	require.Equal(t, "You are outbid twice", got.Subject)
	require.Equal(t, told.MailAt, got.DueAt)

	other := again
	other.Member = h.member("bob")
	require.ErrorIs(t, h.notify(other), domain.ErrInvalidNews, "an id is of one member's news")
}

// What is heard when the mail about its minute has left is told all the same, and each of it once.
func TestNewsThatComesAfterTheMailIsANoticeOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	m := &mailer{}
	u := h.postOffice(m)
	post := func() {
		due, err := u.Due(t.Context(), 10)
		require.NoError(t, err)
		for _, d := range due {
			if !d.At.After(h.clock.Now()) {
				h.mail(u, d.ID)
			}
		}
	}
	first := outbid(ada)
	first.MailAt = noon.Add(time.Minute)
	require.NoError(t, h.notify(first))
	h.clock.Set(first.MailAt)
	post()

	later := first
	later.Subject, later.At = "You lead again", noon.Add(time.Minute-time.Microsecond)
	other := first
	other.Subject, other.At = "You lead no more", first.At.Add(time.Microsecond)
	for range 2 { // however often each is heard
		require.NoError(t, h.notify(first))
		require.NoError(t, h.notify(later))
		post()
		require.NoError(t, h.notify(later, other))
		post()
	}
	var told []string
	for _, letter := range m.sent {
		told = append(told, letter.Subject)
	}
	require.Equal(t, []string{first.Subject, later.Subject, other.Subject}, told)

	stranger := later
	stranger.Member, stranger.At = h.member("bob"), first.MailAt
	require.ErrorIs(t, h.notify(stranger), domain.ErrInvalidNews)
	same := later
	same.MailAt, same.At = time.Time{}, first.MailAt
	require.NoError(t, h.notify(same), "what is not gathered is the same news")
	post()
	require.Len(t, m.sent, 3)
}

func TestNewsThatUndoesWhatNobodyHasSeen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	paid := outbid(h.member("ada"))
	paid.Subject, paid.MailAt, paid.Undoes = "Paid", noon.Add(10*time.Minute), true
	unpaid := paid
	unpaid.Subject, unpaid.At = "Not paid", noon.Add(time.Second)
	told := func() string {
		n, _ := h.noticed(paid.ID)
		return n.Subject
	}
	for range 2 {
		require.NoError(t, h.notify(paid), "nothing to undo")
		require.Equal(t, "Paid", told())
		require.NoError(t, h.notify(unpaid))
		require.Empty(t, told(), "neither is news")
	}

	require.NoError(t, h.notify(paid))
	require.NoError(t, app.NewReadNotices(h.House, h.notices).Do(t.Context(), app.ReadNoticeCommand{
		By: caller(paid.Member), Notice: paid.ID,
	}))
	stranger := unpaid
	stranger.Member = h.member("bob")
	require.ErrorIs(t, h.notify(stranger), domain.ErrInvalidNews, "nobody undoes another member's")
	require.NoError(t, h.notify(unpaid))
	require.Equal(t, "Not paid", told(), "he has read that it is paid")
	again := paid
	again.At = noon.Add(2 * time.Second)
	require.NoError(t, h.notify(again))
	require.Empty(t, told(), "what he has read is true again")

	require.NoError(t, h.notify(paid))
	h.clock.Set(paid.MailAt)
	m := &mailer{}
	h.mail(h.postOffice(m), paid.ID)
	require.NoError(t, h.notify(unpaid), "of a server whose clock is late")
	require.Equal(t, "Paid", told())
	due, err := h.postOffice(m).Due(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	h.mail(h.postOffice(m), due[0].ID)
	require.Equal(t, []string{"Paid", "Not paid"}, []string{m.sent[0].Subject, m.sent[1].Subject})
}

func TestNotifyTellsWhoWantsToKnow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	outbids := []domain.NoticeKind{domain.NoticeOutbid}
	tests := []struct {
		handle                string
		muted, unlisted       []domain.NoticeKind
		there, mailed, listed bool
	}{
		{"all", nil, nil, true, true, true},
		{"no-mail", outbids, nil, true, false, true},
		{"no-entry", nil, outbids, true, true, false},
		{"neither", outbids, outbids, false, false, false},
		{"others", []domain.NoticeKind{domain.NoticeWon}, []domain.NoticeKind{domain.NoticeLost}, true, true, true},
	}
	for _, test := range tests {
		member := h.member(test.handle)
		require.NoError(t, app.NewEditSettings(h.House).Do(t.Context(), app.EditSettingsCommand{
			By: caller(member), Muted: test.muted, Unlisted: test.unlisted,
		}))
		n := outbid(member)
		require.NoError(t, h.notify(n), test.handle)
		got, there := h.noticed(n.ID)
		require.Equal(t, test.there, there, test.handle)
		require.Equal(t, test.mailed, !got.DueAt.IsZero(), test.handle)
		require.Equal(t, test.listed, got.Listed, test.handle)
	}

	boss, eve := h.admin("boss"), h.member("eve")
	require.NoError(t, app.NewSuspendMember(h.House).Do(t.Context(), app.ActCommand{By: boss, Member: eve, Reason: "Does not pay."}))
	for name, member := range map[string]uuid.UUID{"suspended": eve, "nobody": uuid.New()} {
		n := outbid(member)
		require.NoError(t, h.notify(n), name)
		_, there := h.noticed(n.ID)
		require.False(t, there, name)
	}
}

func TestOldNewsAreNotTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	for age, want := range map[time.Duration]bool{keep: true, keep + time.Microsecond: false} {
		n := outbid(ada)
		n.At = noon.Add(-age)
		require.NoError(t, h.notify(n))
		_, there := h.noticed(n.ID)
		require.Equal(t, want, there, age)
	}
}

func TestNotifyBelongsToTheUnitAroundIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := &bell{}
	u := app.NewNotify(h.parts.Work, h.notices, h.recipients, b, h.clock, keep)
	n, broken := outbid(h.member("ada")), outbid(uuid.New())
	broken.Kind = "gossip"
	require.ErrorIs(t, u.Notify(t.Context(), n), uow.ErrNoUnit)
	require.NoError(t, u.Notify(t.Context()), "nothing to tell")
	require.Zero(t, b.rung)

	require.Error(t, h.parts.Work.Do(t.Context(), func(ctx context.Context) error {
		require.NoError(t, u.Notify(ctx, n))
		return context.Canceled
	}))
	_, there := h.noticed(n.ID)
	require.False(t, there)
	require.ErrorIs(t, h.notify(n, broken), domain.ErrInvalidNews, "also when nobody would be told")
	_, there = h.noticed(n.ID)
	require.False(t, there)

	// The same id twice in one call.
	again := n
	again.Subject = "You are outbid by another one"
	require.NoError(t, h.notify(n, again))
	got, _ := h.noticed(n.ID)
	require.Equal(t, again.Subject, got.Subject)
}

func TestKindsOfNotices(t *testing.T) {
	t.Parallel()
	published := []profilesapi.NoticeKind{
		profilesapi.NoticeOutbid, profilesapi.NoticeWon, profilesapi.NoticeLost, profilesapi.NoticeSold, profilesapi.NoticeUnsold,
		profilesapi.NoticeCancelled, profilesapi.NoticeEndsSoon, profilesapi.NoticeSale, profilesapi.NoticeIssue,
		profilesapi.NoticeAssigned, profilesapi.NoticeNewSignIn,
	}
	require.Len(t, published, len(domain.NoticeKinds))
	for _, kind := range published {
		require.True(t, slices.Contains(domain.NoticeKinds, domain.NoticeKind(kind)), kind)
	}
}
