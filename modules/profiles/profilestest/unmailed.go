package profilestest

import (
	"context"
	"errors"

	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/modules/profiles/internal/app"
)

// Unmailed leaves the post office without work: notices are kept as ever, and none is ever due to be mailed. It is for tests
// that watch what a request changes, where a notice that is mailed meanwhile would change, too. The start fails if the
// program looks up elsewhere what is due.
func Unmailed() fx.Option {
	return fx.Options(
		fx.Decorate(func(stores profiles.Stores) profiles.Stores {
			stores.Views = neverDue{stores.Views}
			return stores
		}),
		fx.Invoke(func(used profiles.Stores) error {
			if _, ok := used.Views.(neverDue); !ok {
				return errors.New("leave the post office without work: the graph uses other views")
			}
			return nil
		}),
	)
}

// neverDue are views of the stores in which no notice is due.
type neverDue struct{ app.Views }

// MailDue implements app.Views. Errors: none.
func (neverDue) MailDue(context.Context, int) ([]app.MailDue, error) { return nil, nil }
