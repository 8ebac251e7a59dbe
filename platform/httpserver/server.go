package httpserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/metrics"
)

// Server is the program's HTTP server. It listens from Start to Stop.
type Server struct {
	settings  Settings
	build     Build
	clock     clock.Clock
	log       *zap.Logger
	gatherer  prometheus.Gatherer
	metrics   *metrics.HTTP
	addresses addresses
	readiness *readiness
	api       huma.API
	adapter   *adapter
	router    chi.Routes
	origin    string // of the site, as browsers write it; empty where the settings do not say it
	handler   http.Handler
	failed    func(error)

	authenticator identity.Authenticator // nil: everybody is a guest

	encryption *encryption // nil: plain HTTP
	main       *endpoint
	scraped    *endpoint // the metrics' own listener; nil without one
}

// Parts are what a Server is made of.
type Parts struct {
	Settings Settings
	Build    Build
	Clock    clock.Clock
	Log      *zap.Logger
	Gatherer prometheus.Gatherer
	Metrics  *metrics.HTTP
	Routes   []Routes
	Checks   []Check
	// Authenticator knows whose credentials are; without one everybody is a guest, whatever they show.
	Authenticator identity.Authenticator
	Failed        func(error) // called when a running server can no longer accept connections; may be nil
}

// New returns a server that does not listen yet.
// Errors: routes or checks that have no name or share one, operations that do not say who may call them, settings of TLS or
// of the site's URL that cannot be, and an OpenAPI document that cannot be written.
func New(p Parts) (*Server, error) {
	s := &Server{
		settings:  p.Settings,
		build:     p.Build,
		clock:     p.Clock,
		log:       p.Log.Named("http"),
		gatherer:  p.Gatherer,
		metrics:   p.Metrics,
		addresses: addresses{trusted: p.Settings.TrustedProxies},
		failed:    p.Failed,

		authenticator: p.Authenticator,
	}
	s.readiness = newReadiness(p.Checks, p.Settings.ReadinessTimeout, s.log)
	var err error
	if s.origin, err = originOf(p.Settings.SiteURL); err != nil {
		return nil, fmt.Errorf("build HTTP server: %w", err)
	}
	if err := errors.Join(s.readiness.validate(), s.route(p.Routes)); err != nil {
		return nil, fmt.Errorf("build HTTP server: %w", err)
	}
	if s.encryption, err = newEncryption(p.Settings.TLS, s.log); err != nil {
		return nil, fmt.Errorf("build HTTP server: %w", err)
	}
	s.main = s.endpoint(p.Settings.Addr, s.handler, s.encryption)
	if p.Settings.Metrics.Addr != "" {
		mux := http.NewServeMux()
		mux.Handle("GET "+metricsPath, s.metricsHandler())
		s.scraped = s.endpoint(p.Settings.Metrics.Addr, mux, nil)
	}
	return s, nil
}

// Addr returns the address at which the server listens, with the port that it was given where the settings say 0;
// empty before Start.
func (s *Server) Addr() string { return s.main.address() }

// MetricsAddr returns the address of the metrics' own listener; empty before Start and without one.
func (s *Server) MetricsAddr() string {
	if s.scraped == nil {
		return ""
	}
	return s.scraped.address()
}

// Start listens and serves until Stop. The context is only for starting.
// Errors: a certificate that cannot be read, an address that cannot be listened at; then nothing is left behind.
func (s *Server) Start(ctx context.Context) error {
	if err := s.main.listen(ctx); err != nil {
		return err
	}
	if s.scraped != nil {
		if err := s.scraped.listen(ctx); err != nil {
			return errors.Join(err, s.main.listener.Close())
		}
		s.scraped.serve()
	}
	s.main.serve()
	s.log.Info("listening", zap.String("addr", s.Addr()), zap.String("metrics_addr", s.MetricsAddr()), zap.Bool("tls", s.Secure()))
	s.warnPlain()
	return nil
}

// Stop turns readiness off, waits for the drain delay, refuses new connections, finishes the requests that were
// accepted and returns when nothing of the server runs any more. Metrics can be read until the end.
// Errors: when requests were still running at the shutdown timeout or when ctx ended, and were cut off.
func (s *Server) Stop(ctx context.Context) error {
	s.readiness.stop()
	s.drain(ctx)
	if s.settings.ShutdownTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.settings.ShutdownTimeout)
		defer cancel()
	}
	err := s.main.stop(ctx)
	if s.scraped != nil {
		err = errors.Join(err, s.scraped.stop(ctx))
	}
	return err
}

// drain gives balancers time to see that the server is no longer ready.
func (s *Server) drain(ctx context.Context) {
	if s.settings.DrainDelay <= 0 {
		return
	}
	timer := s.clock.NewTimer(s.settings.DrainDelay)
	defer timer.Stop()
	select {
	case <-timer.C():
	case <-ctx.Done():
	}
}

// endpoint is one listener and the server behind it.
type endpoint struct {
	addr     string
	http     *http.Server
	secure   *encryption // nil: plain HTTP
	log      *zap.Logger
	failed   func(error)
	listener net.Listener
	serving  sync.WaitGroup
}

func (s *Server) endpoint(addr string, handler http.Handler, secure *encryption) *endpoint {
	e := &endpoint{
		addr:   addr,
		secure: secure,
		log:    s.log,
		failed: s.failed,
		http: &http.Server{
			Handler:           handler,
			ReadHeaderTimeout: s.settings.ReadHeaderTimeout,
			ReadTimeout:       s.settings.ReadTimeout,
			WriteTimeout:      s.settings.WriteTimeout,
			IdleTimeout:       s.settings.IdleTimeout,
			MaxHeaderBytes:    s.settings.MaxHeaderBytes,
			ErrorLog:          zap.NewStdLog(s.log),
		},
	}
	if secure != nil {
		e.http.TLSConfig = secure.config
	}
	return e
}

func (e *endpoint) address() string {
	if e.listener == nil {
		return ""
	}
	return e.listener.Addr().String()
}

func (e *endpoint) listen(ctx context.Context) error {
	if e.secure != nil {
		if err := e.secure.load(); err != nil {
			return err
		}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", e.addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("listen on %s: another program listens there already; stop it or choose another address: %w", e.addr, err)
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", e.addr, err)
	}
	e.listener = listener
	return nil
}

// serve accepts connections in a goroutine that stop waits for.
func (e *endpoint) serve() {
	e.serving.Go(func() {
		var err error
		if e.secure != nil {
			err = e.http.ServeTLS(e.listener, "", "") // the certificates are the configuration's
		} else {
			err = e.http.Serve(e.listener)
		}
		if errors.Is(err, http.ErrServerClosed) {
			return
		}
		e.log.Error("stopped accepting connections", zap.String("addr", e.addr), zap.Error(err))
		if e.failed != nil {
			e.failed(err)
		}
	})
}

// stop refuses new connections, finishes what was accepted until ctx ends, and then cuts off what is left.
func (e *endpoint) stop(ctx context.Context) error {
	err := e.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("finish requests on %s: %w", e.addr, err), e.http.Close())
	}
	e.serving.Wait()
	return err
}
