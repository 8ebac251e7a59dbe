package app_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// mailer is an app.NoticeMail that keeps letters, and fails or does something else before when it is told to.
type mailer struct {
	mu     sync.Mutex
	sent   []app.NoticeLetter
	err    error
	before func()
}

func (m *mailer) Mail(_ context.Context, letter app.NoticeLetter) error {
	m.mu.Lock()
	before := m.before
	m.before = nil
	m.mu.Unlock()
	if before != nil {
		before()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.sent = append(m.sent, letter)
	}
	return m.err
}

const hold = time.Minute

// postOffice returns what mails the notices of the house.
func (h *house) postOffice(m app.NoticeMail) *app.MailNotices {
	return app.NewMailNotices(h.House, h.notices, h.recipients, m, hold, app.DefaultMailPatience())
}

// outbid tells the member that he is outbid, and returns the notice.
func (h *house) outbid(member uuid.UUID) uuid.UUID {
	h.t.Helper()
	n := outbid(member)
	require.NoError(h.t, h.notify(n))
	return n.ID
}

func (h *house) mail(u *app.MailNotices, id uuid.UUID) app.MailReport {
	h.t.Helper()
	report, err := u.Do(h.t.Context(), id)
	require.NoError(h.t, err)
	return report
}

func TestNoticesAreMailedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	id := h.outbid(ada)
	m := &mailer{}
	u := h.postOffice(m)
	due, err := u.Due(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []app.MailDue{{ID: id, At: noon}}, due)

	require.Equal(t, app.MailReport{Outcome: app.MailSent, Notice: id, Domain: "example.org", Attempts: 1}, h.mail(u, id))
	require.Len(t, m.sent, 1)
	letter := m.sent[0]
	link, err := domain.ParseUnsubscription(letter.Unsubscribe)
	require.NoError(t, err)
	require.Equal(t, ada, link.Member)
	require.Equal(t, domain.NoticeOutbid, link.Kind)
	letter.Unsubscribe = ""
	require.Equal(t, app.NoticeLetter{
		ID: id, To: "ada@example.org", Handle: "ada", Subject: "You are outbid", Text: "On a clock.", Path: "/listings/1",
	}, letter)
	got, _ := h.noticed(id)
	require.Equal(t, noon, got.SentAt)

	require.Equal(t, app.MailPassed, h.mail(u, id).Outcome)
	h.clock.Advance(hold)
	require.Equal(t, app.MailPassed, h.mail(u, id).Outcome)
	require.Equal(t, app.MailPassed, h.mail(u, uuid.New()).Outcome, "one that is forgotten")
	require.Len(t, m.sent, 1)
}

func TestNoLinkEndsSecurityNotices(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := outbid(h.member("ada"))
	n.Kind = profilesapi.NoticeNewSignIn
	require.NoError(t, h.notify(n))
	m := &mailer{}
	require.Equal(t, app.MailSent, h.mail(h.postOffice(m), n.ID).Outcome)
	require.Empty(t, m.sent[0].Unsubscribe)
}

// A mail that takes long is not begun by another server meanwhile.
func TestANoticeThatIsBeingMailedIsLeftAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.outbid(h.member("ada"))
	m := &mailer{}
	other := h.postOffice(m)
	m.before = func() {
		h.clock.Advance(hold - time.Microsecond)
		require.Equal(t, app.MailPassed, h.mail(other, id).Outcome)
	}
	require.Equal(t, app.MailSent, h.mail(h.postOffice(m), id).Outcome)
	require.Len(t, m.sent, 1)
}

// What a server that is killed while it mails had noted is all that others know of it.
func TestANoticeOfAKilledServerIsTakenOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.outbid(h.member("ada"))
	require.NoError(t, h.parts.Work.Do(t.Context(), func(ctx context.Context) error {
		n, err := h.notices.Get(ctx, id)
		if err == nil {
			n.Attempt(hold, noon)
		}
		return err
	}))
	m := &mailer{}
	u := h.postOffice(m)
	h.clock.Advance(hold - time.Microsecond)
	require.Equal(t, app.MailPassed, h.mail(u, id).Outcome)
	h.clock.Advance(time.Microsecond)
	report := h.mail(u, id)
	require.Equal(t, app.MailSent, report.Outcome)
	require.Equal(t, 2, report.Attempts)
}

func TestNoticesAreMailedToWhoWantsThemNow(t *testing.T) {
	t.Parallel()
	mute := func(h *house, member uuid.UUID) {
		require.NoError(h.t, app.NewEditSettings(h.House).Do(h.t.Context(), app.EditSettingsCommand{
			By: caller(member), Muted: []domain.NoticeKind{domain.NoticeOutbid},
		}))
	}
	for name, before := range map[string]func(h *house, member uuid.UUID){
		"muted since": mute,
		"suspended since": func(h *house, member uuid.UUID) {
			require.NoError(h.t, app.NewSuspendMember(h.House).Do(h.t.Context(), app.ActCommand{Member: member, Reason: "Does not pay."}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			ada := h.member("ada")
			id := h.outbid(ada)
			before(h, ada)
			m := &mailer{}
			require.Equal(t, app.MailReport{Outcome: app.MailDropped, Notice: id}, h.mail(h.postOffice(m), id))
			require.Empty(t, m.sent)
			due, err := h.postOffice(m).Due(t.Context(), 1)
			require.NoError(t, err)
			require.Empty(t, due)
		})
	}
	t.Run("at an address that is not verified", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.register("ada")
		id := h.outbid(h.find("ada").ID)
		m := &mailer{}
		require.Equal(t, app.MailDropped, h.mail(h.postOffice(m), id).Outcome)
		require.Empty(t, m.sent)
	})
}

func TestMailThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.outbid(h.member("ada"))
	busy := errors.New("the server is busy")
	m := &mailer{err: busy}
	u := h.postOffice(m)
	patience := app.DefaultMailPatience()
	waited := time.Duration(0)
	for attempt := 1; ; attempt++ {
		report := h.mail(u, id)
		require.ErrorIs(t, report.Failure, busy)
		require.Equal(t, attempt, report.Attempts)
		got, _ := h.noticed(id)
		require.Equal(t, busy.Error(), got.Failure)
		if attempt == patience.Attempts {
			require.Equal(t, app.MailGivenUp, report.Outcome)
			require.Equal(t, h.clock.Now(), got.GivenUpAt)
			break
		}
		require.Equal(t, app.MailFailed, report.Outcome)
		wait := got.DueAt.Sub(h.clock.Now())
		want := min(patience.First<<min(attempt-1, 20), patience.Longest)
		require.GreaterOrEqual(t, wait, want*3/4)
		require.Less(t, wait, want*5/4)
		waited += wait
		h.clock.Advance(wait)
	}
	require.InDelta(t, (3 * 24 * time.Hour).Hours(), waited.Hours(), 20)
	due, err := u.Due(t.Context(), 1)
	require.NoError(t, err)
	require.Empty(t, due)
}

// What no server was ready for is not held against the notice, however often it was tried, for three days.
func TestAnOutageOfTheMailServerDoesNotCount(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	id := h.outbid(ada)
	before, _ := h.noticed(id)
	m := &mailer{err: fmt.Errorf("%w: nobody answers", app.ErrNoServer)}
	u := h.postOffice(m)
	for range 2 * app.DefaultMailPatience().Attempts {
		h.clock.Advance(time.Minute)
		report := h.mail(u, id)
		require.Equal(t, app.MailPut, report.Outcome)
		require.ErrorIs(t, report.Failure, app.ErrNoServer)
		got, _ := h.noticed(id)
		require.Equal(t, before.DueAt, got.DueAt)
		require.Zero(t, got.Attempts)
	}
	again := outbid(ada)
	again.ID, again.Subject = id, "Other words"
	require.NoError(t, h.notify(again))

	end := before.At.Add(app.DefaultMailPatience().Outage)
	h.clock.Set(end.Add(-time.Microsecond))
	require.Equal(t, app.MailPut, h.mail(u, id).Outcome)
	h.clock.Set(end)
	require.Equal(t, app.MailFailed, h.mail(u, id).Outcome, "it has an end")
	got, _ := h.noticed(id)
	require.Equal(t, 1, got.Attempts)
	require.True(t, got.DueAt.After(end))

	m.err = nil
	h.clock.Advance(2 * time.Minute)
	require.Equal(t, app.MailSent, h.mail(u, id).Outcome)
	require.Equal(t, "Other words", m.sent[0].Subject, "nothing of the first ones had left")
}

// A server that is slow to notice that no mail server is there does not undo what another one has noted.
func TestAnAttemptOfAnotherServerIsNotPutBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.outbid(h.member("ada"))
	m := &mailer{err: app.ErrNoServer}
	m.before = func() {
		h.clock.Advance(hold)
		require.Equal(t, app.MailFailed, h.mail(h.postOffice(&mailer{err: errors.New("refused for now")}), id).Outcome)
	}
	require.Equal(t, app.MailPut, h.mail(h.postOffice(m), id).Outcome)
	got, _ := h.noticed(id)
	require.Equal(t, 2, got.Attempts)
	require.True(t, got.DueAt.After(h.clock.Now()))
}

func TestMailThatFailedOnceIsSentLater(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.outbid(h.member("ada"))
	m := &mailer{err: errors.New("nobody answers")}
	u := h.postOffice(m)
	require.Equal(t, app.MailFailed, h.mail(u, id).Outcome)
	again := outbid(h.find("ada").ID)
	again.ID, again.Subject = id, "Other words"
	require.NoError(t, h.notify(again))
	m.err = nil
	h.clock.Advance(2 * time.Minute)
	require.Equal(t, app.MailSent, h.mail(u, id).Outcome)
	require.Equal(t, "You are outbid", m.sent[0].Subject, "the words stay once they may have left")
}

func TestMailThatCannotBeWrittenIsGivenUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.outbid(h.member("ada"))
	require.Equal(t, app.MailGivenUp, h.mail(h.postOffice(&mailer{err: app.ErrUnmailable}), id).Outcome)
	id = h.outbid(h.member("bob"))
	report := h.mail(h.postOffice(&mailer{before: func() { panic("ada@example.org") }}), id)
	require.Equal(t, app.MailFailed, report.Outcome)
	require.NotContains(t, report.Failure.Error(), "ada")
}

func TestStoppingForgetsNothingThatWasSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.outbid(h.member("ada"))
	ctx, stop := context.WithCancel(t.Context())
	report, err := h.postOffice(&mailer{before: stop}).Do(ctx, id)
	require.NoError(t, err)
	require.Equal(t, app.MailSent, report.Outcome)
	got, _ := h.noticed(id)
	require.NotZero(t, got.SentAt)
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	m := &mailer{}
	for range 2 {
		h.mail(h.postOffice(m), h.outbid(ada))
	}
	require.Equal(t, m.sent[0].Unsubscribe, m.sent[1].Unsubscribe, "the key stays")
	unsubscribe := app.NewUnsubscribe(h.House)
	for range 2 {
		require.NoError(t, unsubscribe.Do(t.Context(), m.sent[0].Unsubscribe))
	}
	settings, err := h.parts.Views.Settings(t.Context(), ada)
	require.NoError(t, err)
	require.Equal(t, []domain.NoticeKind{domain.NoticeOutbid}, settings.Muted)

	stranger := domain.NewUnsubscription(domain.Secret{1}, uuid.New(), domain.NoticeOutbid).String()
	for _, token := range []string{"", "x", stranger} {
		require.ErrorIs(t, unsubscribe.Do(t.Context(), token), domain.ErrInvalidUnsubscription)
	}
}

func TestReadNotices(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, eve := h.member("ada"), h.member("eve")
	id := h.outbid(ada)
	read := app.NewReadNotices(h.House, h.notices)
	require.ErrorIs(t, read.Do(t.Context(), app.ReadNoticeCommand{By: caller(eve), Notice: id}), domain.ErrNoticeNotFound)
	require.NoError(t, read.Do(t.Context(), app.ReadNoticeCommand{By: caller(ada), Notice: id}))
	got, _ := h.noticed(id)
	require.Equal(t, noon, got.ReadAt)

	var more []profilesapi.Notice
	for range app.MaxReadAtOnce + 1 {
		more = append(more, outbid(ada))
	}
	require.NoError(t, h.notify(more...))
	for _, want := range []int{app.MaxReadAtOnce, 1, 0} {
		n, err := read.All(t.Context(), caller(ada), "")
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
}
