package contract

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// numbered returns ids that are told apart by the number.
func numbered(n int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte(strconv.Itoa(n))) }

var (
	text = "<Ärger & “50 %” \\ 'x' _ 日本 🏺>"
	ada  = domain.RestoreEmail("Ada.Lovelace+Ö@Example.ORG")
)

// must1 returns the value; samples are made of what the domain accepts.
func must1[T any](value T, err error) T {
	must(err)
	return value
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func fullAccount(n int) *domain.Account {
	a := domain.Register(domain.Registration{
		ID: numbered(n), Email: ada, PasswordHash: "$argon2id$v=19$" + text, Verified: true,
		Roles: []identity.Role{identity.Lead, identity.Agent},
	}, noon)
	must(a.Suspend(newID(), noon))
	must(a.Reinstate(newID(), noon))
	a.EndSessions(newID(), noon)
	must(a.Leave(noon.Add(1 * microsecond)))
	a.Review(false, noon.Add(2*microsecond))
	for i, purpose := range []domain.Purpose{domain.PurposeVerify, domain.PurposeReset, domain.PurposeChange} {
		must(a.Send(purpose, secret(byte(i)), domain.RestoreEmail(text), noon.Add(time.Duration(i)*microsecond)))
	}
	return a
}

// kindCases returns the cases of all kinds.
func kindCases() [][]testCase {
	someone := domain.Register(domain.Registration{ID: numbered(100), Email: ada, Verified: true}, noon)
	must(someone.Suspend(newID(), noon))
	must(someone.Reinstate(newID(), noon))
	client := domain.Client{Network: "2001:db8::/64", UserAgent: text}
	return [][]testCase{
		kind[*domain.Account]{
			name:       "accounts",
			repository: func(s *subject) domain.Repository[*domain.Account] { return s.Accounts },
			missing:    domain.ErrMemberNotFound,
			state:      func(a *domain.Account) any { return a.State() },
			bare: func(n int) *domain.Account {
				a := domain.Register(domain.Registration{ID: numbered(n), Email: ada, Pending: true}, noon)
				must(a.Delete(noon))
				return a
			},
			full:   fullAccount,
			change: func(a *domain.Account) { a.EndSessions(uuid.Nil, noon) },
			once:   true,
		}.cases(),
		kind[*domain.Profile]{
			name:       "profiles",
			repository: func(s *subject) domain.Repository[*domain.Profile] { return s.Profiles },
			missing:    domain.ErrMemberNotFound,
			state:      func(p *domain.Profile) any { return p.State() },
			bare: func(n int) *domain.Profile {
				p := domain.NewProfile(numbered(n), domain.RestoreHandle("ada"), noon)
				p.Delete(noon.Add(microsecond))
				return p
			},
			full: func(n int) *domain.Profile {
				p := domain.NewProfile(numbered(n), domain.RestoreHandle("ada"), noon)
				must(p.Edit(domain.ProfileText{DisplayName: text, About: text + "\n\t", Location: text}))
				return p
			},
			change: func(p *domain.Profile) {
				must(p.Edit(domain.ProfileText{DisplayName: p.State().DisplayName + "!", Location: text}))
			},
			elsewhere: []string{"DeletedAt"},
		}.cases(),
		kind[*domain.NotificationSettings]{
			name:       "settings",
			repository: func(s *subject) domain.Repository[*domain.NotificationSettings] { return s.Settings },
			missing:    domain.ErrMemberNotFound,
			state:      func(n *domain.NotificationSettings) any { return n.State() },
			bare:       func(n int) *domain.NotificationSettings { return domain.NewNotificationSettings(numbered(n)) },
			full: func(n int) *domain.NotificationSettings {
				settings := domain.NewNotificationSettings(numbered(n))
				must(settings.Mute([]domain.NoticeKind{domain.NoticeWon, domain.NoticeLost}))
				must(settings.Unlist([]domain.NoticeKind{domain.NoticeSold}))
				settings.KeepKey(secret(7))
				return settings
			},
			change: func(n *domain.NotificationSettings) {
				muted := domain.NoticeKinds[:1+len(n.State().Muted)%len(domain.NoticeKinds)]
				must(n.Mute(muted))
			},
		}.cases(),
		kind[*domain.TakenHandle]{
			name:       "taken handles",
			repository: func(s *subject) domain.Repository[*domain.TakenHandle] { return s.TakenHandles },
			missing:    domain.ErrRecordNotFound,
			there:      domain.ErrHandleTaken,
			state:      func(h *domain.TakenHandle) any { return h.State() },
			bare:       func(int) *domain.TakenHandle { return domain.TakeHandle(domain.RestoreHandle("ada")) },
			full:       func(int) *domain.TakenHandle { return domain.TakeHandle(domain.RestoreHandle("ada")) },
		}.cases(),
		kind[*domain.Session]{
			name:       "sessions",
			repository: func(s *subject) domain.Repository[*domain.Session] { return s.Sessions },
			missing:    domain.ErrSessionNotFound,
			state:      func(s *domain.Session) any { return s.State() },
			bare: func(n int) *domain.Session {
				return domain.NewSession(numbered(n), domain.RestoreAccount(domain.AccountState{}), "", domain.Client{}, noon)
			},
			full: func(n int) *domain.Session {
				session := domain.NewSession(numbered(n), someone, "text of the session", client, noon)
				session.Touch(noon.Add(time.Hour + microsecond))
				return session
			},
			change: func(s *domain.Session) { s.Touch(s.State().SeenAt.Add(time.Hour)) },
		}.cases(),
		kind[*domain.APIToken]{
			name:       "api tokens",
			repository: func(s *subject) domain.Repository[*domain.APIToken] { return s.APITokens },
			missing:    domain.ErrTokenNotFound,
			state:      func(a *domain.APIToken) any { return a.State() },
			bare: func(n int) *domain.APIToken {
				return must1(domain.NewAPIToken(domain.APITokenState{ID: numbered(n), Name: "a", Scopes: []string{"bid"}}, noon))
			},
			full: func(n int) *domain.APIToken {
				token := must1(domain.NewAPIToken(domain.APITokenState{
					ID: numbered(n), Account: numbered(100), Name: text, Hash: domain.HashOf("text of the token"), Epoch: 7,
					Scopes: []string{"sell", "bid", "account.read"}, ExpiresAt: noon.Add(day + microsecond),
				}, noon))
				token.Touch(noon.Add(time.Hour + microsecond))
				return token
			},
			change: func(a *domain.APIToken) { a.Touch(a.State().SeenAt.Add(time.Hour)) },
		}.cases(),
		kind[*domain.Device]{
			name:       "devices",
			repository: func(s *subject) domain.Repository[*domain.Device] { return s.Devices },
			missing:    domain.ErrRecordNotFound,
			state:      func(d *domain.Device) any { return d.State() },
			bare:       func(n int) *domain.Device { return domain.NewDevice(numbered(n), "cookie", noon) },
			full:       func(n int) *domain.Device { return domain.NewDevice(numbered(n), "cookie", noon) },
			change:     func(d *domain.Device) { d.Touch(d.State().SeenAt.Add(microsecond)) },
		}.cases(),
		kind[*domain.Throttle]{
			name:       "throttles",
			repository: func(s *subject) domain.Repository[*domain.Throttle] { return s.Throttles },
			missing:    domain.ErrRecordNotFound,
			state:      func(a *domain.Throttle) any { return a.State() },
			bare:       func(n int) *domain.Throttle { return domain.NewThrottle(numbered(n)) },
			full: func(n int) *domain.Throttle {
				throttle := domain.NewThrottle(numbered(n))
				must(throttle.Attempt(1, noon))
				return throttle
			},
			change: func(a *domain.Throttle) { must(a.Attempt(1000, a.State().LastAt.Add(time.Hour))) },
		}.cases(),
		kind[*domain.Block]{
			name:       "blocks",
			repository: func(s *subject) domain.Repository[*domain.Block] { return s.Blocks },
			missing:    domain.ErrNotBlocked,
			there:      domain.ErrAlreadyBlocked,
			state:      func(b *domain.Block) any { return b.State() },
			bare:       func(n int) *domain.Block { return must1(domain.NewBlock(numbered(n), numbered(100), noon)) },
			full:       func(n int) *domain.Block { return must1(domain.NewBlock(numbered(n), numbered(100), noon)) },
		}.cases(),
		kind[*domain.Invitation]{
			name:       "invitations",
			repository: func(s *subject) domain.Repository[*domain.Invitation] { return s.Invitations },
			missing:    domain.ErrInvitationNotFound,
			state:      func(i *domain.Invitation) any { return i.State() },
			bare: func(n int) *domain.Invitation {
				return domain.Invite(numbered(n), secret(1), domain.Email{}, uuid.Nil, noon)
			},
			full: func(n int) *domain.Invitation {
				invitation := domain.Invite(numbered(n), secret(1), ada, numbered(100), noon)
				must1(invitation.Accept(secret(1), ada, numbered(101), noon))
				return invitation
			},
		}.cases(),
		kind[*domain.Administrators]{
			name:       "administrators",
			repository: func(s *subject) domain.Repository[*domain.Administrators] { return s.Administrators },
			missing:    domain.ErrRecordNotFound,
			state:      func(a *domain.Administrators) any { return a.State() },
			bare:       func(int) *domain.Administrators { return domain.NewAdministrators() },
			full: func(int) *domain.Administrators {
				a := domain.NewAdministrators()
				must(a.Found(numbered(100)))
				a.Appoint(numbered(101))
				return a
			},
			change: func(a *domain.Administrators) { a.Appoint(newID()) },
		}.cases(),
		kind[*domain.Sale]{
			name:       "sales",
			repository: func(s *subject) domain.Repository[*domain.Sale] { return s.Sales },
			missing:    domain.ErrRecordNotFound,
			state:      func(s *domain.Sale) any { return s.State() },
			bare:       func(n int) *domain.Sale { return domain.NewSale(numbered(n), numbered(100), numbered(101), noon) },
			full:       func(n int) *domain.Sale { return domain.NewSale(numbered(n), numbered(100), numbered(101), noon) },
			change: func(s *domain.Sale) {
				s.Correct(s.State().Winner, s.State().Seller, s.State().EndedAt.Add(microsecond))
			},
		}.cases(),
		kind[*domain.Notice]{
			name:       "notices",
			repository: func(s *subject) domain.Repository[*domain.Notice] { return s.Notices },
			missing:    domain.ErrNoticeNotFound,
			state:      func(n *domain.Notice) any { return n.State() },
			bare: func(n int) *domain.Notice {
				news := domain.News{Kind: domain.NoticeIssue, Subject: "a", At: noon}
				return must1(domain.NewNotice(numbered(n), numbered(100), news, domain.Channels{}, time.Time{}, noon))
			},
			full: func(n int) *domain.Notice {
				notice := must1(domain.NewNotice(numbered(n), numbered(100), domain.News{
					Kind: domain.NoticeOutbid, Subject: text, Text: text + "\n\n" + text, About: numbered(101), Path: "/listings/1", At: noon,
				}, domain.Channels{Mailed: true, Listed: true}, noon.Add(microsecond), noon))
				notice.Attempt(time.Minute, noon.Add(microsecond))
				notice.Failed(text, time.Hour, noon.Add(microsecond))
				notice.Read(noon.Add(2 * microsecond))
				return notice
			},
			change:    func(n *domain.Notice) { n.Attempt(time.Minute, noon) },
			elsewhere: []string{"SentAt", "GivenUpAt"},
		}.cases(),
	}
}
