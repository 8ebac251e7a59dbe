package app_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/identity"
)

const reason = "Sells what he does not have."

func TestSuspension(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	boss, ada := h.admin("boss"), h.member("ada")
	in, by := h.in("ada")
	sell := identity.NewPermission("listings.sell", "sell", identity.Member)
	token, err := app.NewCreateToken(h.House, []identity.Permission{sell}).Do(t.Context(), app.CreateTokenCommand{
		By: by, Name: "robot", Scopes: []string{"listings.sell"},
	})
	require.NoError(t, err)
	authenticate := app.NewAuthenticate(h.House)
	suspend, reinstate := app.NewSuspendMember(h.House), app.NewReinstateMember(h.House)

	require.ErrorIs(t, suspend.Do(t.Context(), app.ActCommand{By: boss, Member: ada}), domain.ErrInvalidReason)
	cmd := app.ActCommand{By: boss, Member: ada, Reason: reason, Key: "1"}
	require.NoError(t, suspend.Do(t.Context(), cmd))
	require.NoError(t, suspend.Do(t.Context(), cmd), "the same request again")
	require.Equal(t, []letter{{"suspended", "ada@example.org", reason}}, h.letters.all())

	shown := []identity.Credential{{Secret: in.Session}, {Secret: token.Text, Token: true}}
	for _, credential := range shown {
		_, err = authenticate.Authenticate(t.Context(), credential)
		require.ErrorIs(t, err, identity.ErrInvalidCredential)
	}
	_, err = h.signIn("ada", password, home)
	require.ErrorIs(t, err, domain.ErrSuspended)
	_, err = h.signIn("ada", other, home)
	require.ErrorIs(t, err, domain.ErrWrongCredentials, "told only to who knows the password")

	require.NoError(t, reinstate.Do(t.Context(), app.ActCommand{By: boss, Member: ada}))
	for _, credential := range shown {
		_, err = authenticate.Authenticate(t.Context(), credential)
		require.ErrorIs(t, err, identity.ErrInvalidCredential, "they ended for good")
	}
	_, err = h.signIn("ada", password, home)
	require.NoError(t, err)

	entries := h.entries()
	require.Len(t, entries, 3)
	require.Equal(t, audit.Entry{ID: entries[1].ID, At: noon, Actor: boss.ID, Act: "members.suspend", Target: ada, Reason: reason}, entries[1])
}

func TestTheStandingOfAMemberIsThatOfTheUnitThatAsks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	require.NoError(t, app.NewSuspendMember(h.House).Do(t.Context(), app.ActCommand{Member: ada, Reason: reason}))
	tests := map[string]struct {
		found app.StandingRecord
		ok    bool
		want  profilesapi.Standing
	}{
		"active":    {app.StandingRecord{Status: domain.StatusActive, Verified: true}, true, profilesapi.Standing{Active: true, Verified: true}},
		"pending":   {app.StandingRecord{Status: domain.StatusPending, Verified: true}, true, profilesapi.Standing{Verified: true}},
		"suspended": {app.StandingRecord{Status: domain.StatusSuspended, Verified: true}, true, profilesapi.Standing{Verified: true}},
		"deleted":   {app.StandingRecord{Status: domain.StatusDeleted}, true, profilesapi.Standing{}},
		"blocked": {
			app.StandingRecord{Status: domain.StatusActive, BlockedByOther: true}, true, profilesapi.Standing{Active: true, BlockedByOther: true},
		},
		"nobody": {app.StandingRecord{Status: domain.StatusActive}, false, profilesapi.Standing{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := app.NewStanding(standings{found: test.found, ok: test.ok}).Standing(t.Context(), ada, uuid.Nil)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}

type standings struct {
	app.Standings
	found app.StandingRecord
	ok    bool
}

func (s standings) Standing(context.Context, uuid.UUID, uuid.UUID) (app.StandingRecord, bool, error) {
	return s.found, s.ok, nil
}

func TestWhoMaySuspendWhom(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		by   []identity.Role // nil is the operator
		role identity.Role   // of the member; empty for none
		want error
	}{
		"a moderator a member":         {[]identity.Role{identity.Moderator}, "", nil},
		"a moderator an agent":         {[]identity.Role{identity.Moderator}, identity.Agent, identity.ErrNotPermitted},
		"a moderator a moderator":      {[]identity.Role{identity.Moderator}, identity.Moderator, identity.ErrNotPermitted},
		"a moderator an admin":         {[]identity.Role{identity.Moderator}, identity.Admin, identity.ErrNotPermitted},
		"an admin a moderator":         {[]identity.Role{identity.Admin}, identity.Moderator, nil},
		"an admin an admin":            {[]identity.Role{identity.Admin}, identity.Admin, domain.ErrIsAdmin},
		"the operator a moderator":     {nil, identity.Moderator, nil},
		"the operator an admin, never": {nil, identity.Admin, domain.ErrIsAdmin},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			boss, ada := h.admin("boss"), h.member("ada")
			if test.role != "" {
				require.NoError(t, app.NewGrantRole(h.House).Do(t.Context(), app.RoleCommand{By: boss, Member: ada, Role: test.role}))
			}
			by := identity.Caller{}
			if test.by != nil {
				by = caller(h.member("eve"), test.by...)
				for _, role := range test.by {
					require.NoError(t, app.NewGrantRole(h.House).Do(t.Context(), app.RoleCommand{By: boss, Member: by.ID, Role: role}))
				}
			}
			before := h.entries()
			err := app.NewSuspendMember(h.House).Do(t.Context(), app.ActCommand{By: by, Member: ada, Reason: reason})
			require.ErrorIs(t, err, test.want)
			if test.want != nil {
				require.Equal(t, before, h.entries())
				require.Equal(t, domain.StatusActive, h.find("ada").Status)
			}
		})
	}
}

func TestRolesAreRecorded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	boss, ada := h.admin("boss"), h.member("ada")
	grant, withdraw := app.NewGrantRole(h.House), app.NewWithdrawRole(h.House)
	cmd := app.RoleCommand{By: boss, Member: ada, Role: identity.Lead, Reason: "She knows how."}
	require.NoError(t, withdraw.Do(t.Context(), cmd), "she has it not")
	require.NoError(t, grant.Do(t.Context(), cmd))
	require.NoError(t, grant.Do(t.Context(), cmd), "she has it")
	_, by := h.in("ada")
	require.Equal(t, []identity.Role{identity.Member, identity.Lead}, by.Roles)
	require.NoError(t, withdraw.Do(t.Context(), cmd))
	acts := []string{}
	for _, e := range h.entries() {
		acts = append(acts, e.Act+" "+e.Detail)
	}
	require.ElementsMatch(t, []string{"members.create_admin ", "members.grant_role lead", "members.withdraw_role lead"}, acts)
	cmd.Role = "king"
	require.ErrorIs(t, grant.Do(t.Context(), cmd), domain.ErrInvalidRole)
	cmd.Role, cmd.Member = identity.Lead, uuid.New()
	require.ErrorIs(t, grant.Do(t.Context(), cmd), domain.ErrMemberNotFound)
}

func TestThereIsAlwaysAnAdmin(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one, two := h.admin("one"), h.admin("two")
	withdraw := app.NewWithdrawRole(h.House)
	succeeded, refused := atOnce(2, func(i int) error {
		self := []identity.Caller{one, two}[i]
		return withdraw.Do(t.Context(), app.RoleCommand{By: self, Member: self.ID, Role: identity.Admin})
	})
	require.Equal(t, 1, succeeded)
	require.ErrorIs(t, refused[0], domain.ErrLastAdmin)
	left := 0
	for _, handle := range []string{"one", "two"} {
		left += len(h.find(handle).Roles)
	}
	require.Equal(t, 1, left, "account and administrators agree")
}

// brokenLog refuses every entry.
type brokenLog struct{ err error }

func (l brokenLog) Record(context.Context, audit.Entry) error { return l.err }

func TestThereIsNoActWithoutItsEntry(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	h := newHouse(t)
	ada := h.member("ada")
	messages := h.outbox.Messages()
	parts := h.parts
	parts.Acts = brokenLog{broken}
	house := app.NewHouse(parts)
	acts := map[string]error{
		"suspend": app.NewSuspendMember(house).Do(t.Context(), app.ActCommand{Member: ada, Reason: reason}),
		"grant":   app.NewGrantRole(house).Do(t.Context(), app.RoleCommand{Member: ada, Role: identity.Admin}),
		"reset":   app.NewOperatorReset(house).Do(t.Context(), app.OperatorResetCommand{Member: ada, Password: other}),
	}
	_, acts["admin"] = app.NewCreateAdmin(house).Do(t.Context(), app.CreateAdminCommand{Email: "b@example.org", Handle: "boss", Password: password})
	_, acts["invite"] = app.NewInviteMember(house).Do(t.Context(), app.InviteMemberCommand{Email: "b@example.org"})
	for name, err := range acts {
		require.ErrorIs(t, err, broken, name)
	}
	require.Empty(t, h.letters.all())
	require.Equal(t, messages, h.outbox.Messages())
	require.Empty(t, h.find("ada").Roles)
	_, err := h.signIn("ada", password, home)
	require.NoError(t, err)
}

func TestThereIsNoEntryWithoutItsAct(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	h := newHouse(t)
	ada := h.member("ada")
	// The letter's handle is looked up after the entry was recorded: whatever fails then takes the entry along.
	h.trace.breakAt("profiles.Get", broken)
	err := app.NewSuspendMember(h.House).Do(t.Context(), app.ActCommand{Member: ada, Reason: reason})
	require.ErrorIs(t, err, broken)
	require.Empty(t, h.entries())
	require.Equal(t, domain.StatusActive, h.find("ada").Status)
}

func TestOperatorReset(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.member("ada")
	in, by := h.in("ada")
	token, err := app.NewCreateToken(h.House, []identity.Permission{profilesapi.ReadOwn}).Do(t.Context(), app.CreateTokenCommand{
		By: by, Name: "somebody else's", Scopes: []string{profilesapi.ReadOwn.Name()},
	})
	require.NoError(t, err)
	reset := app.NewOperatorReset(h.House)
	require.ErrorIs(t, reset.Do(t.Context(), app.OperatorResetCommand{Member: ada, Password: "short"}), domain.ErrPasswordLength)
	require.ErrorIs(t, reset.Do(t.Context(), app.OperatorResetCommand{Member: uuid.New(), Password: other}), domain.ErrMemberNotFound)
	require.NoError(t, reset.Do(t.Context(), app.OperatorResetCommand{Member: ada, Password: other}))
	_, err = h.authenticate(in.Session)
	require.ErrorIs(t, err, identity.ErrInvalidCredential)
	_, err = app.NewAuthenticate(h.House).Authenticate(t.Context(), identity.Credential{Secret: token.Text, Token: true})
	require.ErrorIs(t, err, identity.ErrInvalidCredential)
	_, err = h.signIn("ada", other, home)
	require.NoError(t, err)
	require.Equal(t, "members.reset_password", h.entries()[0].Act)
	require.Zero(t, h.entries()[0].Actor)
}

func TestVerifyByHand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.register("ada")
	cmd := app.ActCommand{By: h.admin("boss"), Member: h.find("ada").ID, Reason: "Showed a passport."}
	verify := app.NewVerifyMember(h.House)
	require.NoError(t, verify.Do(t.Context(), cmd))
	require.NotZero(t, h.find("ada").VerifiedAt)
	require.ErrorIs(t, verify.Do(t.Context(), cmd), domain.ErrAlreadyVerified)
	cmd.Reason = "one\ntwo"
	require.Error(t, verify.Do(t.Context(), cmd))
}

func TestInvitationsAreKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	invite := app.NewInviteMember(h.House)
	cmd := app.InviteMemberCommand{By: h.admin("boss"), Email: "ada@example.org", Key: "1"}
	first, err := invite.Do(t.Context(), cmd)
	require.NoError(t, err)
	again, err := invite.Do(t.Context(), cmd)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, h.letters.all(), 1)
	cmd.Email, cmd.Key = "boss@example.org", ""
	_, err = invite.Do(t.Context(), cmd)
	require.ErrorIs(t, err, domain.ErrEmailTaken)
}

func TestWhoSeesAMember(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.register("new")
	shy, ada := h.find("new").ID, h.member("ada")
	page := app.NewMemberPage(h.parts.Views)
	agent := caller(uuid.New(), identity.Agent)

	_, err := page.Member(t.Context(), identity.Caller{}, shy)
	require.ErrorIs(t, err, domain.ErrMemberNotFound, "one who is not verified")
	_, err = page.ByHandle(t.Context(), caller(ada), "new")
	require.ErrorIs(t, err, domain.ErrMemberNotFound)
	for name, by := range map[string]identity.Caller{"himself": caller(shy), "an agent": agent} {
		found, err := page.ByHandle(t.Context(), by, "NEW")
		require.NoError(t, err, name)
		require.Equal(t, "new@example.org", found.Email, name)
	}
	found, err := page.Member(t.Context(), identity.Caller{}, ada)
	require.NoError(t, err)
	require.Equal(t, app.MemberRecord{ID: ada, Handle: "ada", DisplayName: "ada", RegisteredAt: noon, ProfileVersion: 1}, found)
	robot := identity.Caller{ID: ada, Roles: []identity.Role{identity.Member}, Token: true, Scopes: []string{"listings.sell"}}
	found, err = page.Member(t.Context(), robot, ada)
	require.NoError(t, err)
	require.Empty(t, found.Email, "a token without the scope")
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada, eve := h.member("ada"), h.member("eve")
	h.register("new")
	block, unblock := app.NewBlockMember(h.House), app.NewUnblockMember(h.House)
	cmd := app.BlockMemberCommand{By: caller(ada), Member: eve, Key: "1"}
	require.NoError(t, block.Do(t.Context(), cmd))
	require.NoError(t, block.Do(t.Context(), cmd), "the same request again")
	cmd.Key = ""
	require.ErrorIs(t, block.Do(t.Context(), cmd), domain.ErrAlreadyBlocked)
	for _, nobody := range []uuid.UUID{uuid.New(), h.find("new").ID} {
		require.ErrorIs(t, block.Do(t.Context(), app.BlockMemberCommand{By: caller(ada), Member: nobody}), domain.ErrMemberNotFound)
	}
	require.ErrorIs(t, block.Do(t.Context(), app.BlockMemberCommand{By: caller(ada), Member: ada}), domain.ErrBlockSelf)
	require.ErrorIs(t, unblock.Do(t.Context(), app.UnblockMemberCommand{By: caller(eve), Member: ada}), domain.ErrNotBlocked)
	require.NoError(t, unblock.Do(t.Context(), app.UnblockMemberCommand{By: caller(ada), Member: eve}))
	require.ErrorIs(t, unblock.Do(t.Context(), app.UnblockMemberCommand{By: caller(ada), Member: eve}), domain.ErrNotBlocked)
}

func TestEditsNeedTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	by := caller(h.member("ada"))
	edit := app.NewEditProfile(h.House)
	text := domain.ProfileText{DisplayName: "Ada"}
	require.ErrorIs(t, edit.Do(t.Context(), app.EditProfileCommand{By: by, Version: 2, Text: text}), domain.ErrVersionMismatch)
	require.NoError(t, edit.Do(t.Context(), app.EditProfileCommand{By: by, Version: 1, Text: text}))
	require.Equal(t, int64(2), h.find("ada").ProfileVersion)
	require.NoError(t, edit.Do(t.Context(), app.EditProfileCommand{By: by, Text: domain.ProfileText{DisplayName: "A"}}))
	settings := app.NewEditSettings(h.House)
	muted := []domain.NoticeKind{domain.NoticeWon}
	require.ErrorIs(t, settings.Do(t.Context(), app.EditSettingsCommand{By: by, Version: 7, Muted: muted}), domain.ErrVersionMismatch)
	require.NoError(t, settings.Do(t.Context(), app.EditSettingsCommand{By: by, Version: 1, Muted: muted}))
}

func TestASlowBodyChangesNoSettingsOnceItsSenderIsOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	boss, ada := h.admin("boss"), h.member("ada")
	require.NoError(t, app.NewSuspendMember(h.House).Do(t.Context(), app.ActCommand{By: boss, Member: ada, Reason: "Does not pay."}))
	err := app.NewEditSettings(h.House).Do(t.Context(), app.EditSettingsCommand{By: caller(ada), Muted: []domain.NoticeKind{domain.NoticeWon}})
	require.ErrorIs(t, err, identity.ErrInvalidCredential)
}

func TestWhoLostARoleActsNoMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	boss, eve := h.admin("boss"), h.admin("eve")
	ada := h.member("ada")
	_, err := app.NewInviteMember(h.House).Do(t.Context(), app.InviteMemberCommand{By: eve, Email: "guest@example.org"})
	require.NoError(t, err)
	invitation, _, err := domain.ParseMailedText(h.letters.all()[0].token)
	require.NoError(t, err)
	require.NoError(t, app.NewWithdrawRole(h.House).Do(t.Context(), app.RoleCommand{By: boss, Member: eve.ID, Role: identity.Admin}))
	before := len(h.entries())

	// Requests of eve's that were authenticated, and whose bodies come slowly.
	refused := []error{
		app.NewGrantRole(h.House).Do(t.Context(), app.RoleCommand{By: eve, Member: eve.ID, Role: identity.Admin}),
		app.NewWithdrawRole(h.House).Do(t.Context(), app.RoleCommand{By: eve, Member: boss.ID, Role: identity.Admin}),
		app.NewSuspendMember(h.House).Do(t.Context(), app.ActCommand{By: eve, Member: ada, Reason: "spite"}),
		app.NewWithdrawInvitation(h.House).Do(t.Context(), app.WithdrawInvitationCommand{By: eve, Invitation: invitation}),
	}
	_, err = app.NewInviteMember(h.House).Do(t.Context(), app.InviteMemberCommand{By: eve, Email: "rival@example.org"})
	for _, err := range append(refused, err) {
		require.ErrorIs(t, err, identity.ErrNotPermitted)
	}
	require.Len(t, h.entries(), before)
}
