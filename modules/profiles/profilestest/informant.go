package profilestest

import (
	"context"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/uow"
)

// Informant tells members news, as other modules do, and makes the links that are in the mails about them.
type Informant struct {
	work    *uow.Work
	notices profilesapi.Notices
	stores  profiles.Stores
}

// Informing fills in the informant of the program.
func Informing(i *Informant) fx.Option {
	return fx.Invoke(func(work *uow.Work, notices profilesapi.Notices, stores profiles.Stores) {
		*i = Informant{work: work, notices: notices, stores: stores}
	})
}

// Tell tells all of the news in one unit of work. Errors: as profilesapi.Notices, and of the unit.
func (i Informant) Tell(ctx context.Context, notices ...profilesapi.Notice) error {
	return i.work.Do(ctx, func(ctx context.Context) error { return i.notices.Notify(ctx, notices...) })
}

// Unsubscription returns the token in the links of mails about the kind to the member. Errors: what the stores report.
func (i Informant) Unsubscription(ctx context.Context, member uuid.UUID, kind profilesapi.NoticeKind) (token string, err error) {
	err = i.work.Do(ctx, func(ctx context.Context) error {
		settings, err := i.stores.Settings.Get(ctx, member)
		if err != nil {
			return err
		}
		settings.KeepKey(domain.Secret(domain.HashOf(member.String())))
		token = domain.NewUnsubscription(settings.State().Key, member, domain.NoticeKind(kind)).String()
		return nil
	})
	return token, err
}
