package delivery

import (
	"context"
	"errors"

	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/uow"
)

// trouble keeps what goes wrong again and again from being logged again and again.
type trouble struct {
	log  *zap.Logger
	last string
}

// report logs what goes wrong, since nobody else is told: once, however long it lasts. What a stop interrupts is no
// trouble, nor is that somebody else was faster.
func (t *trouble) report(ctx context.Context, err error) {
	switch {
	case err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled):
		return
	case errors.Is(err, uow.ErrConflict) && !errors.Is(err, uow.ErrBusy):
		return // others are at work; the next time it will be our turn
	}
	text := ""
	if err != nil {
		text = err.Error()
	}
	switch {
	case text == t.last:
	case err == nil:
		t.log.Info("events are delivered again")
	default:
		t.log.Error("events cannot be delivered", zap.Error(err))
	}
	t.last = text
}
