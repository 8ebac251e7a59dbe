package issuestest

import (
	"context"
	"errors"

	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
)

// Mailing sets mail to what mails the letters to visitors that are due: for tests whose clock stands still, so that nothing
// is mailed by itself. Errors of mail: those of the stores, and of the mails that failed.
func Mailing(mail *func(context.Context) error) fx.Option {
	return fx.Invoke(func(letters *app.MailLetters) {
		*mail = func(ctx context.Context) error {
			const most = 1000
			due, err := letters.Due(ctx, most)
			all := []error{err}
			for _, id := range due {
				report, err := letters.Do(ctx, id)
				all = append(all, err, report.Failure)
			}
			return errors.Join(all...)
		}
	})
}
