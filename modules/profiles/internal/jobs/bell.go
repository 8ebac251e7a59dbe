package jobs

import (
	"context"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/platform/uow"
)

// Bell tells the PostOffice of this server that there are new notices, so that it need not look all the time.
type Bell struct{ rung chan struct{} }

var _ app.Bell = (*Bell)(nil)

// NewBell returns a bell.
func NewBell() *Bell { return &Bell{rung: make(chan struct{}, 1)} }

// Ring rings when the unit of work in ctx has committed, once. Errors: uow.ErrNoUnit, uow.ErrEnded.
func (b *Bell) Ring(ctx context.Context) error {
	_, err := uow.Join(ctx, b, func(context.Context, bool) (*ringing, error) { return &ringing{bell: b}, nil })
	return err
}

// ringing is the bell's side of one unit: a resource that has nothing to commit but the noise.
type ringing struct{ bell *Bell }

func (r *ringing) Prepare(context.Context) error { return nil }

func (r *ringing) Commit(context.Context) error {
	select {
	case r.bell.rung <- struct{}{}:
	default: // somebody has rung already
	}
	return nil
}

func (r *ringing) Rollback()     {}
func (r *ringing) Durable() bool { return false }
func (r *ringing) Err() error    { return nil }
