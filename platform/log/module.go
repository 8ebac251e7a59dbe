package log

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/config"
)

// Module provides the *zap.Logger, from config.Log and an Output, and syncs it when the program stops. What fx itself
// does is logged at debug; why a program does not start is for its caller to show, whom fx returns the error to.
var Module = fx.Options(
	fx.Module("log", fx.Provide(provideLogger)),
	fx.WithLogger(newEventLogger), // outside: a module's own logger hears of that module only
)

func provideLogger(lifecycle fx.Lifecycle, cfg config.Log, out Output) (*zap.Logger, error) {
	logger, err := New(cfg, out)
	if err != nil {
		return nil, err
	}
	lifecycle.Append(fx.StopHook(func(context.Context) error { return syncLogger(logger) }))
	return logger, nil
}

// syncLogger flushes what the system may still hold. Terminals and pipes cannot be synced, and have nothing to flush.
func syncLogger(logger *zap.Logger) error {
	err := logger.Sync()
	if err == nil || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTTY) {
		return nil
	}
	return fmt.Errorf("sync the log: %w", err)
}

func newEventLogger(logger *zap.Logger) fxevent.Logger {
	events := &fxevent.ZapLogger{Logger: logger.Named("fx")}
	events.UseLogLevel(zap.DebugLevel)
	events.UseErrorLevel(zap.DebugLevel)
	return events
}
