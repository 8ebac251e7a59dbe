package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

const day = 24 * time.Hour

// leaver is a house with a member who asks to leave, and what is in the way.
type leaver struct {
	*house
	ada    uuid.UUID
	in     app.SignedIn
	by     identity.Caller
	guard  *guard
	guards []profilesapi.DeletionGuard
}

func newLeaver(t *testing.T) *leaver {
	t.Helper()
	h := newHouse(t)
	l := &leaver{house: h, ada: h.member("ada"), guard: &guard{owed: map[uuid.UUID][]profilesapi.Obligation{}}}
	l.guards = []profilesapi.DeletionGuard{&guard{}, l.guard}
	l.in, l.by = h.in("ada")
	return l
}

func (l *leaver) leave(password string) (app.LeaveAnswer, error) {
	return app.NewLeaveHouse(l.House, l.guards).Do(l.t.Context(), app.LeaveHouseCommand{
		By: l.by, Password: password, Client: domain.Client{Network: home.Network, Device: l.in.Device}, Key: "1",
	})
}

func (l *leaver) review() int {
	l.t.Helper()
	n, err := app.NewReviewLeavers(l.House, l.guards).Do(l.t.Context())
	require.NoError(l.t, err)
	return n
}

func (l *leaver) owes(owed ...profilesapi.Obligation) {
	l.guard.mu.Lock()
	defer l.guard.mu.Unlock()
	l.guard.owed[l.ada] = owed
}

func TestLeaving(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	sells := profilesapi.Obligation{Kind: "sells", Subject: uuid.New(), Detail: "A box of books is for sale."}
	l.owes(sells)
	_, err := l.leave(other)
	require.ErrorIs(t, err, domain.ErrWrongPassword)
	answer, err := l.leave(password)
	require.NoError(t, err)
	require.Equal(t, app.LeaveAnswer{Obligations: []profilesapi.Obligation{sells}, GraceDays: 7}, answer)
	require.Equal(t, []string{"deletion requested ada@example.org"}, l.letters.kinds())
	again, err := l.leave(password)
	require.NoError(t, err, "the same request again")
	require.Equal(t, answer, again)
	require.Len(t, l.letters.all(), 1)

	l.clock.Advance(30 * day)
	require.Zero(t, l.review(), "an obligation is in the way")
	l.clock.Advance(30 * day)
	require.Zero(t, l.review(), "for as long as it lasts")
	l.owes()
	require.Zero(t, l.review(), "from now on the grace period runs")
	l.clock.Advance(7*day - time.Microsecond)
	require.Zero(t, l.review())
	l.letters.drop()
	l.clock.Advance(time.Microsecond)
	require.Equal(t, 1, l.review())
	require.Zero(t, l.review())

	require.Equal(t, []string{"deleted ada@example.org"}, l.letters.kinds())
	gone, err := app.NewMemberPage(l.parts.Views).Member(t.Context(), identity.Caller{}, l.ada)
	require.NoError(t, err)
	require.Regexp(t, "^deleted-", gone.Handle)
	require.Equal(t, domain.StatusDeleted, gone.Status)
	_, err = l.signIn("ada", password, home)
	require.ErrorIs(t, err, domain.ErrWrongCredentials)
	_, err = l.authenticate(l.in.Session)
	require.ErrorIs(t, err, identity.ErrInvalidCredential)
	entries := l.entries()
	require.Equal(t, "members.delete", entries[0].Act)
	require.Equal(t, l.ada, entries[0].Target)
	messages := l.outbox.Messages()
	require.Equal(t, profilesapi.KindDeleted, messages[len(messages)-1].Kind)

	register := app.NewRegister(l.House)
	cmd := app.RegisterCommand{Email: "ada@example.org", Handle: "ada", Password: password, Client: home}
	require.ErrorIs(t, register.Do(t.Context(), cmd), domain.ErrHandleTaken, "a handle is for life")
	cmd.Handle = "countess"
	require.NoError(t, register.Do(t.Context(), cmd), "an address is free again")
	require.Equal(t, "ada@example.org", l.find("countess").Email)
}

func TestWhatCanComeBackKeepsWhoseGracePeriodIsShort(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	paid := profilesapi.Obligation{Kind: "owes", Subject: uuid.New(), Detail: "You have bought a chair.", Over: true}
	owing := paid
	owing.Over = false
	l.owes(paid)
	answer, err := l.leave(password)
	require.NoError(t, err)
	require.Empty(t, answer.Obligations, "it is over")
	l.clock.Advance(7 * day)
	require.Zero(t, l.review(), "the grace period is over, too, but it could come back")
	l.owes(owing)
	require.Zero(t, l.review(), "and so it does")
	l.owes(paid)
	require.Zero(t, l.review(), "the grace period begins anew")
	l.owes()
	l.clock.Advance(7*day - time.Microsecond)
	require.Zero(t, l.review())
	l.clock.Advance(time.Microsecond)
	l.owes(owing)
	require.Zero(t, l.review(), "in the very moment of the deletion")
	l.owes(paid)
	require.Zero(t, l.review())
	l.clock.Advance(7 * day)
	require.Zero(t, l.review())
	l.owes()
	require.Equal(t, 1, l.review(), "as soon as it cannot come back")
}

func TestWhoLeavesIsNotMadeAnAdmin(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	_, err := l.leave(password)
	require.NoError(t, err)
	grant := func(role identity.Role) error {
		return app.NewGrantRole(l.House).Do(t.Context(), app.RoleCommand{Member: l.ada, Role: role})
	}
	require.ErrorIs(t, grant(identity.Admin), domain.ErrLeaving)
	require.NoError(t, grant(identity.Moderator), "what a member who leaves may hold, and loses then")
	require.NoError(t, app.NewStayInHouse(l.House).Do(t.Context(), app.StayInHouseCommand{By: l.by}))
	require.NoError(t, grant(identity.Admin))
}

func TestAGuardThatDoesNotKnowKeepsTheMember(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	l := newLeaver(t)
	_, err := l.leave(password)
	require.NoError(t, err)
	l.clock.Advance(30 * day)
	l.guard.err = broken
	n, err := app.NewReviewLeavers(l.House, l.guards).Do(t.Context())
	require.ErrorIs(t, err, broken)
	require.Zero(t, n)
	require.Equal(t, domain.StatusActive, l.find("ada").Status)
	l.guard.err = nil
	require.Equal(t, 1, l.review())
}

func TestADeletionIsAllOrNothing(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	l := newLeaver(t)
	_, err := l.leave(password)
	require.NoError(t, err)
	l.clock.Advance(30 * day)
	for _, call := range []string{"profiles.Get", "settings.Get"} {
		l.trace.breakAt(call, broken)
		_, err = app.NewReviewLeavers(l.House, l.guards).Do(t.Context())
		require.ErrorIs(t, err, broken, call)
		require.Equal(t, "ada@example.org", l.find("ada").Email)
		require.Empty(t, l.entries())
	}
	l.trace.breakAt("nothing", nil)
	parts := l.parts
	parts.Acts = brokenLog{broken}
	_, err = app.NewReviewLeavers(app.NewHouse(parts), l.guards).Do(t.Context())
	require.ErrorIs(t, err, broken)
	require.Equal(t, "ada@example.org", l.find("ada").Email)
	require.Equal(t, 1, l.review())
}

func TestStaying(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	stay := app.NewStayInHouse(l.House)
	require.ErrorIs(t, stay.Do(t.Context(), app.StayInHouseCommand{By: l.by}), domain.ErrNotLeaving)
	_, err := l.leave(password)
	require.NoError(t, err)
	require.NoError(t, stay.Do(t.Context(), app.StayInHouseCommand{By: l.by, Key: "2"}))
	require.NoError(t, stay.Do(t.Context(), app.StayInHouseCommand{By: l.by, Key: "2"}))
	l.clock.Advance(30 * day)
	require.Zero(t, l.review())
	require.Equal(t, domain.StatusActive, l.find("ada").Status)
}

// source is another module's part of the archive.
type source struct{ err error }

func (s source) Export(_ context.Context, member uuid.UUID) ([]profilesapi.PortableData, error) {
	return []profilesapi.PortableData{{File: "listings.json", JSON: []byte(`"` + member.String() + `"`)}}, s.err
}

func TestExport(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	stranger := l.member("eve")
	l.outbid(stranger)
	read := l.outbid(l.ada)
	require.NoError(t, app.NewReadNotices(l.House, l.notices).Do(t.Context(), app.ReadNoticeCommand{By: l.by, Notice: read}))
	var archive bytes.Buffer
	require.NoError(t, app.NewExportData(l.House, []profilesapi.DataSource{source{}}).Do(t.Context(), l.by, &archive))
	found, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	require.NoError(t, err)
	texts := map[string]string{}
	names := []string{}
	for _, file := range found.File {
		f, err := file.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(f)
		require.NoError(t, err)
		names, texts[file.Name] = append(names, file.Name), string(text)
	}
	require.Equal(t, []string{
		"account.json", "profile.json", "settings.json", "sessions.json", "tokens.json", "blocks.json", "notices.json", "listings.json",
	}, names)
	require.Contains(t, texts["account.json"], "ada@example.org")
	require.Contains(t, texts["sessions.json"], home.Network)
	require.JSONEq(t, `[]`, texts["tokens.json"])
	require.JSONEq(t, `{"muted": [], "unlisted": []}`, texts["settings.json"])
	require.JSONEq(t, `[{
		"kind": "outbid", "subject": "You are outbid", "text": "On a clock.", "path": "/listings/1",
		"at": "2026-03-01T12:00:00Z", "read_at": "2026-03-01T12:00:00Z"
	}]`, texts["notices.json"], "his own and nobody else's")
	require.Equal(t, `"`+l.ada.String()+`"`, texts["listings.json"])
	for name, text := range texts {
		require.NotContains(t, text, password, name)
		require.NotContains(t, text, "hash", name)
	}

	broken := errors.New("broken")
	archive.Reset()
	require.ErrorIs(t, app.NewExportData(l.House, []profilesapi.DataSource{source{broken}}).Do(t.Context(), l.by, &archive), broken)
	require.Zero(t, archive.Len(), "nothing is written before everything was read")
}

func TestForgetLeftovers(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	rest := []int{500, 500, 3, 0}
	asked := 0
	ages := app.Keeping{Sessions: time.Hour, Notices: keep}
	forget := app.NewForgetLeftovers(leftovers(func(got app.Keeping) (int, error) {
		require.Equal(t, ages, got)
		asked++
		return rest[asked-1], nil
	}), l.clock, ages)
	require.NoError(t, forget.Do(t.Context()))
	require.Equal(t, 4, asked)
	broken := errors.New("broken")
	require.ErrorIs(t, app.NewForgetLeftovers(leftovers(func(app.Keeping) (int, error) { return 0, broken }), l.clock, ages).Do(t.Context()), broken)
}

// leftovers forget what a function says.
type leftovers func(app.Keeping) (int, error)

func (l leftovers) Forget(_ context.Context, _ time.Time, keep app.Keeping, _ int) (int, error) {
	return l(keep)
}
