package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

func TestWhoMaySignIn(t *testing.T) {
	t.Parallel()
	for status, want := range map[domain.Status]error{
		domain.StatusActive: nil, domain.StatusPending: domain.ErrApprovalPending, domain.StatusSuspended: domain.ErrSuspended,
		domain.StatusDeleted: domain.ErrWrongCredentials,
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			a := member(t, status)
			require.ErrorIs(t, a.MaySignIn(), domain.ErrWrongCredentials, "before the address is verified nothing is told")
			_ = a.MarkVerified(admin, noon)
			require.ErrorIs(t, a.MaySignIn(), want)
		})
	}
}

func TestWhatEachStatusAllows(t *testing.T) {
	t.Parallel()
	commands := map[string]struct {
		do    func(*domain.Account) error
		kinds []domain.EventKind
		want  map[domain.Status]error // in the order of allowed first
	}{
		"approve": {
			func(a *domain.Account) error { return a.Approve(admin, noon) },
			[]domain.EventKind{domain.EventApproved},
			map[domain.Status]error{
				domain.StatusPending: nil, domain.StatusActive: domain.ErrNotPending, domain.StatusSuspended: domain.ErrNotPending,
				domain.StatusDeleted: domain.ErrNotPending,
			},
		},
		"suspend": {
			func(a *domain.Account) error { return a.Suspend(admin, noon) },
			[]domain.EventKind{domain.EventSuspended},
			map[domain.Status]error{
				domain.StatusActive: nil, domain.StatusPending: domain.ErrNotActive, domain.StatusSuspended: domain.ErrNotActive,
				domain.StatusDeleted: domain.ErrNotActive,
			},
		},
		"reinstate": {
			func(a *domain.Account) error { return a.Reinstate(admin, noon) },
			[]domain.EventKind{domain.EventReinstated},
			map[domain.Status]error{
				domain.StatusSuspended: nil, domain.StatusActive: domain.ErrNotSuspended, domain.StatusPending: domain.ErrNotSuspended,
				domain.StatusDeleted: domain.ErrNotSuspended,
			},
		},
		"verify by hand": {
			func(a *domain.Account) error { return a.MarkVerified(admin, noon) },
			[]domain.EventKind{domain.EventVerified},
			map[domain.Status]error{
				domain.StatusActive: nil, domain.StatusPending: nil, domain.StatusSuspended: nil, domain.StatusDeleted: domain.ErrMemberNotFound,
			},
		},
		"grant": {
			func(a *domain.Account) error { return a.Grant(identity.Agent, admin, noon) },
			[]domain.EventKind{domain.EventRolesSet},
			map[domain.Status]error{
				domain.StatusActive: nil, domain.StatusPending: domain.ErrNotActive, domain.StatusSuspended: domain.ErrNotActive,
				domain.StatusDeleted: domain.ErrNotActive,
			},
		},
		"leave": {
			func(a *domain.Account) error { return a.Leave(noon) },
			nil,
			map[domain.Status]error{
				domain.StatusActive: nil, domain.StatusPending: domain.ErrNotActive, domain.StatusSuspended: domain.ErrNotActive,
				domain.StatusDeleted: domain.ErrNotActive,
			},
		},
	}
	for name, command := range commands {
		for status, want := range command.want {
			t.Run(name+" when "+string(status), func(t *testing.T) {
				t.Parallel()
				a := member(t, status)
				before := a.State()
				err := command.do(a)
				if want != nil {
					require.ErrorIs(t, err, want)
					requireUnchanged(t, a, before)
					return
				}
				require.NoError(t, err)
				requireHappened(t, a, command.kinds...)
			})
		}
	}
}

func TestSuspensionEndsSessionsTokensAndLettersForGood(t *testing.T) {
	t.Parallel()
	a := sent(t, domain.PurposeReset, secret(1))
	sessions, tokens := a.SessionEpoch(), a.TokenEpoch()
	require.NoError(t, a.Suspend(admin, noon))
	require.NoError(t, a.Reinstate(admin, noon))
	require.Greater(t, a.SessionEpoch(), sessions)
	require.Greater(t, a.TokenEpoch(), tokens)
	require.Empty(t, a.State().Mailed)
}

func TestAnotherPasswordEndsSessionsAndLinksButNoToken(t *testing.T) {
	t.Parallel()
	a := sent(t, domain.PurposeReset, secret(1))
	require.NoError(t, a.Send(domain.PurposeChange, secret(2), address(t, "eve@example.org"), noon))
	require.NoError(t, a.Send(domain.PurposeVerify, secret(3), a.Email(), noon))
	a.Settle()
	sessions, tokens := a.SessionEpoch(), a.TokenEpoch()
	require.NoError(t, a.ChangePassword("new", ada, noon))
	require.Equal(t, sessions+1, a.SessionEpoch())
	require.Equal(t, tokens, a.TokenEpoch())
	require.False(t, a.Expects(domain.PurposeReset, secret(1), noon))
	require.False(t, a.Expects(domain.PurposeChange, secret(2), noon))
	require.True(t, a.Expects(domain.PurposeVerify, secret(3), noon))
	requireHappened(t, a, domain.EventSignedOut)
}

func TestAResetTakesAnAccountFromWhoeverElseHasIt(t *testing.T) {
	t.Parallel()
	a := sent(t, domain.PurposeReset, secret(1))
	tokens := a.TokenEpoch()
	require.NoError(t, a.ResetPassword(secret(1), "new", noon))
	require.Equal(t, tokens+1, a.TokenEpoch())
	requireHappened(t, a, domain.EventVerified, domain.EventSignedOut)

	require.NoError(t, a.Send(domain.PurposeReset, secret(2), a.Email(), noon))
	require.NoError(t, a.ResetPassword(secret(2), "newer", noon))
	require.Equal(t, tokens+2, a.TokenEpoch(), "also when the address was known to be the member's")
}

func TestUpgradeHash(t *testing.T) {
	t.Parallel()
	a := member(t, domain.StatusActive)
	before := a.State()
	a.UpgradeHash("another", "new")
	a.UpgradeHash("old", "old")
	requireUnchanged(t, a, before)
	a.UpgradeHash("old", "new")
	require.Equal(t, "new", a.PasswordHash())
	require.Equal(t, before.SessionEpoch, a.SessionEpoch())
	requireHappened(t, a)
}

func TestRoles(t *testing.T) {
	t.Parallel()
	t.Run("are granted once, and withdrawn", func(t *testing.T) {
		t.Parallel()
		a := member(t, domain.StatusActive)
		require.NoError(t, a.Grant(identity.Moderator, admin, noon))
		require.NoError(t, a.Grant(identity.Agent, admin, noon))
		require.Equal(t, []identity.Role{identity.Agent, identity.Moderator}, a.Roles())
		requireHappened(t, a, domain.EventRolesSet, domain.EventRolesSet)
		before := a.State()
		require.NoError(t, a.Grant(identity.Agent, admin, noon))
		require.NoError(t, a.Withdraw(identity.Lead, admin, noon))
		requireUnchanged(t, a, before)
		require.NoError(t, a.Withdraw(identity.Agent, admin, noon))
		require.Equal(t, []identity.Role{identity.Moderator}, a.Roles())
	})
	for _, role := range []identity.Role{identity.Guest, identity.Member, "", "king"} {
		t.Run("but not "+string(role), func(t *testing.T) {
			t.Parallel()
			a := member(t, domain.StatusActive)
			require.ErrorIs(t, a.Grant(role, admin, noon), domain.ErrInvalidRole)
			require.ErrorIs(t, a.Withdraw(role, admin, noon), domain.ErrInvalidRole)
		})
	}
	t.Run("an admin is neither suspended nor deleted, and does not leave", func(t *testing.T) {
		t.Parallel()
		a := member(t, domain.StatusActive, identity.Admin)
		before := a.State()
		require.ErrorIs(t, a.Suspend(admin, noon), domain.ErrIsAdmin)
		require.ErrorIs(t, a.Delete(noon), domain.ErrIsAdmin)
		require.ErrorIs(t, a.Leave(noon), domain.ErrIsAdmin)
		requireUnchanged(t, a, before)
	})
}

func TestTheGracePeriodRunsFromTheEndOfTheLastObligation(t *testing.T) {
	t.Parallel()
	const grace = 7 * day
	a := member(t, domain.StatusActive)
	a.Review(false, noon)
	require.False(t, a.DueForDeletion(0, noon), "nobody asked for it")
	require.NoError(t, a.Leave(noon))
	require.ErrorIs(t, a.Leave(noon), domain.ErrAlreadyLeaving)
	a.Review(true, noon)
	require.False(t, a.DueForDeletion(grace, noon.Add(365*day)), "an obligation is in the way")
	a.Review(false, noon.Add(day))
	a.Review(false, noon.Add(2*day))
	require.False(t, a.DueForDeletion(grace, noon.Add(8*day-tick)))
	require.True(t, a.DueForDeletion(grace, noon.Add(8*day)), "seven days after the first review that found none")
	a.Review(true, noon.Add(7*day))
	require.False(t, a.DueForDeletion(grace, noon.Add(365*day)), "a new obligation stops it")
	a.Review(false, noon.Add(9*day))
	require.False(t, a.DueForDeletion(grace, noon.Add(16*day-tick)))
	require.True(t, a.DueForDeletion(grace, noon.Add(16*day)))
	require.True(t, a.DueForDeletion(0, noon.Add(9*day)), "without a grace period at once")
	require.NoError(t, a.Stay())
	require.ErrorIs(t, a.Stay(), domain.ErrNotLeaving)
	require.False(t, a.DueForDeletion(0, noon.Add(365*day)))
}

func TestDeletionLeavesNothingOfThePerson(t *testing.T) {
	t.Parallel()
	a := sent(t, domain.PurposeReset, secret(1))
	require.NoError(t, a.Grant(identity.Agent, admin, noon))
	a.Settle()
	sessions, tokens := a.SessionEpoch(), a.TokenEpoch()
	require.NoError(t, a.Delete(noon.Add(day)))
	requireHappened(t, a, domain.EventDeleted)
	require.Equal(t, domain.AccountState{
		ID: ada, Version: a.Version(), Status: domain.StatusDeleted, SessionEpoch: sessions + 1, TokenEpoch: tokens + 1, CreatedAt: noon,
	}, a.State())
	before := a.State()
	require.NoError(t, a.Delete(noon.Add(2*day)))
	requireUnchanged(t, a, before)

	handle, err := domain.NewHandle("ada")
	require.NoError(t, err)
	p := domain.NewProfile(ada, handle, noon)
	require.NoError(t, p.Edit(domain.ProfileText{DisplayName: "Ada Lovelace", About: "Countess", Location: "London"}))
	p.Delete(noon.Add(day))
	state := p.State()
	require.Equal(t, domain.ProfileState{
		ID: ada, Handle: state.Handle, DisplayName: state.Handle, CreatedAt: noon, DeletedAt: noon.Add(day),
	}, state)
	require.Regexp(t, `^deleted-[0-9a-f]{12}$`, state.Handle)
	require.ErrorIs(t, p.Edit(domain.ProfileText{DisplayName: "Ada"}), domain.ErrMemberNotFound)
}

func TestSnapshotsAreIndependent(t *testing.T) {
	t.Parallel()
	a := sent(t, domain.PurposeReset, secret(1))
	before := a.State()
	c := a.Snapshot()
	require.NoError(t, c.ResetPassword(secret(1), "new", noon))
	require.NoError(t, c.Grant(identity.Agent, admin, noon))
	requireUnchanged(t, a, before)
	require.Equal(t, before, domain.RestoreAccount(before).State())
}

func TestAdministrators(t *testing.T) {
	t.Parallel()
	admins := domain.NewAdministrators()
	require.NoError(t, admins.Found(ada))
	require.ErrorIs(t, admins.Found(admin), domain.ErrAlreadySetUp)
	require.ErrorIs(t, admins.Found(ada), domain.ErrAlreadySetUp)
	require.ErrorIs(t, admins.Dismiss(ada), domain.ErrLastAdmin)
	require.NoError(t, admins.Dismiss(admin), "who is none")
	admins.Settle()
	admins.Appoint(ada)
	_, changed := admins.Settle()
	require.False(t, changed)
	admins.Appoint(admin)
	require.NoError(t, admins.Dismiss(ada))
	require.ErrorIs(t, admins.Dismiss(admin), domain.ErrLastAdmin)
	require.Equal(t, domain.AdministratorsState{Version: 1, Members: admins.State().Members}, admins.State())
	require.Len(t, admins.State().Members, 1)
}

func TestAnInvitation(t *testing.T) {
	t.Parallel()
	const lifetime = 14 * day
	invite := func() *domain.Invitation {
		return domain.Invite(admin, secret(1), address(t, "guest@example.org"), admin, noon)
	}
	tests := map[string]struct {
		secret   domain.Secret
		email    string
		at       time.Time
		verified bool
		want     error
	}{
		"by the guest":             {secret(1), "guest@example.org", noon, true, nil},
		"in another case":          {secret(1), "Guest@Example.org", noon, true, nil},
		"with another address":     {secret(1), "other@example.org", noon, false, nil},
		"with another secret":      {secret(2), "guest@example.org", noon, false, domain.ErrInvalidInvitation},
		"just before it ends":      {secret(1), "guest@example.org", noon.Add(lifetime - tick), true, nil},
		"when it has just ended":   {secret(1), "guest@example.org", noon.Add(lifetime), false, domain.ErrInvalidInvitation},
		"the secret of all zeroes": {domain.Secret{}, "guest@example.org", noon, false, domain.ErrInvalidInvitation},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := invite()
			require.ErrorIs(t, i.Check(test.secret, test.at), test.want)
			verified, err := i.Accept(test.secret, address(t, test.email), ada, test.at)
			require.ErrorIs(t, err, test.want)
			require.Equal(t, test.verified, verified)
			if test.want == nil {
				_, err = i.Accept(test.secret, address(t, test.email), ada, test.at)
				require.ErrorIs(t, err, domain.ErrInvalidInvitation, "it is used up")
			}
		})
	}
}

func TestTheLastTokenThatIsIssued(t *testing.T) {
	t.Parallel()
	a := domain.RestoreAccount(domain.AccountState{ID: ada, Version: 3, Status: domain.StatusActive})
	require.ErrorIs(t, a.IssueToken(domain.MaxTokens), domain.ErrTooManyTokens)
	_, changed := a.Settle()
	require.False(t, changed)
	require.NoError(t, a.IssueToken(domain.MaxTokens-1))
	recorded, changed := a.Settle()
	require.True(t, changed, "so that two at the same time conflict")
	require.Empty(t, recorded)
}

func TestAnAdminIsNeverDueForDeletion(t *testing.T) {
	t.Parallel()
	s := domain.AccountState{ID: ada, Version: 3, Status: domain.StatusActive, LeavingSince: noon, GraceStartedAt: noon}
	require.True(t, domain.RestoreAccount(s).DueForDeletion(0, noon))
	s.Roles = []identity.Role{identity.Admin}
	require.False(t, domain.RestoreAccount(s).DueForDeletion(0, noon))
}
