// Package profiling lets whoever runs the program see where it spends its time and memory (net/http/pprof), on a listener of
// its own. There is none unless an address is set: profiles show a program at work that keeps secrets, and measuring slows it
// down. Only this machine reaches it unless the settings say otherwise, and nothing of it is served anywhere else.
package profiling

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"go.uber.org/zap"
)

// Settings say who may take profiles.
type Settings struct {
	// Addr is host:port to listen on; port 0 takes a free one. Empty: nobody takes profiles.
	Addr string
	// Network lets Addr be one that other machines reach. There is no password.
	Network bool
	// Patience is how long an answer may take beyond the time that it measures. Default 30 s.
	Patience time.Duration
}

// What is noted for the profiles "block" and "mutex" while there is a listener: of waiting, about one sample for each
// millisecond that somebody waited; of locks, each hundredth time that somebody held others up.
const (
	blockRate     = int(time.Millisecond)
	mutexFraction = 100
)

// Listener serves profiles from Start to Stop.
type Listener struct {
	settings Settings
	log      *zap.Logger

	server   *http.Server
	listener net.Listener
	serving  sync.WaitGroup
	cutOff   context.CancelFunc // ends what is being measured
	before   int                // the mutex profile's fraction before Start
}

// New returns a listener that does not listen yet.
func New(settings Settings, log *zap.Logger) *Listener {
	if settings.Patience <= 0 {
		settings.Patience = 30 * time.Second
	}
	return &Listener{settings: settings, log: log.Named("profiling")}
}

// Addr returns the address at which profiles are served, with the port that was given where the settings say 0; empty before
// Start and without a listener.
func (l *Listener) Addr() string {
	if l.listener == nil {
		return ""
	}
	return l.listener.Addr().String()
}

// Start listens and serves until Stop, if the settings say where. The context is only for starting.
// Errors: an address that cannot be listened at, or that other machines reach although they may not.
func (l *Listener) Start(ctx context.Context) error {
	if l.settings.Addr == "" {
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", l.settings.Addr)
	if err != nil {
		return fmt.Errorf("listen for who takes profiles: %w", err)
	}
	if !l.settings.Network && !local(listener.Addr()) {
		return errors.Join(
			fmt.Errorf("listen for who takes profiles: other machines reach %s, and profiles are secret", listener.Addr()),
			listener.Close(),
		)
	}
	l.listener = listener
	l.serve()
	l.log.Warn("profiles can be taken", zap.String("addr", l.Addr()), zap.Bool("network", l.settings.Network))
	return nil
}

// local reports whether only this machine reaches an address.
func local(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

func (l *Listener) serve() {
	l.before = runtime.SetMutexProfileFraction(mutexFraction)
	runtime.SetBlockProfileRate(blockRate)
	life, cutOff := context.WithCancel(context.Background())
	l.cutOff = cutOff
	l.server = &http.Server{
		Handler:           newHandler(l.settings.Network),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       5 * time.Second,
		WriteTimeout:      l.settings.Patience, // which net/http/pprof extends by the time that it measures
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    8 << 10,
		ErrorLog:          zap.NewStdLog(l.log),
		BaseContext:       func(net.Listener) context.Context { return life },
	}
	l.serving.Go(func() {
		if err := l.server.Serve(l.listener); !errors.Is(err, http.ErrServerClosed) {
			l.log.Error("profiles can no longer be taken", zap.Error(err))
		}
	})
}

// Stop cuts off what is being measured: nobody waits for a profile to stop the program. It returns when nothing of the
// listener runs any more. Errors: when ctx ended before.
func (l *Listener) Stop(ctx context.Context) error {
	if l.listener == nil {
		return nil
	}
	l.cutOff()
	err := l.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("stop serving profiles: %w", err), l.server.Close())
	}
	l.serving.Wait()
	runtime.SetBlockProfileRate(0)
	runtime.SetMutexProfileFraction(l.before)
	return err
}
