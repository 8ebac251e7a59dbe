package httpserver

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/gavelhq/gavel/platform/metrics"
)

// requestIDHeader shows the id of a request to the client.
const requestIDHeader = "X-Request-Id"

// observe is the outermost middleware: it gives the request its exchange and, when the request was answered, writes
// one line to the access log and counts it. It runs inside chi, which is where the route pattern can be read.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		begun := s.clock.Now()
		client, trusted := s.addresses.client(r)
		e := &exchange{
			id:      newRequestID(r.Header.Get(requestIDHeader), trusted),
			client:  client,
			request: r,
			https:   s.isHTTPS(r, trusted),
		}
		r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, e))
		if s.settings.MaxBodyBytes > 0 {
			r.Body = http.MaxBytesReader(rw, r.Body, s.settings.MaxBodyBytes)
		}
		w := &responseWriter{ResponseWriter: rw}
		w.Header().Set(requestIDHeader, e.id)
		s.metrics.Begin()
		defer func() {
			answered := metrics.Request{
				Method:   r.Method,
				Route:    chi.RouteContext(r.Context()).RoutePattern(),
				Status:   w.status,
				Duration: s.clock.Now().Sub(begun),
				Bytes:    w.bytes,
			}
			if e.gone {
				answered.Status = statusClientGone
			}
			s.metrics.End(answered)
			s.logAccess(r, e, answered)
		}()
		next.ServeHTTP(w, r)
		w.commit()
	})
}

// logAccess writes the line of one request: its path but not its query, which may hold secrets. The cause of a failure
// is part of the line, so that it is logged once and beside the request id.
func (s *Server) logAccess(r *http.Request, e *exchange, answered metrics.Request) {
	entry := s.log.Check(accessLevel(r, e, answered.Status), "request")
	if entry == nil {
		return
	}
	fields := []zap.Field{
		zap.String("request_id", e.id),
		zap.String("method", r.Method),
		zap.String("path", r.URL.Path),
		zap.String("route", answered.Route),
		zap.Int("status", answered.Status),
		zap.Int64("bytes", answered.Bytes),
		zap.Duration("duration", answered.Duration),
		zap.Stringer("client", e.client),
	}
	if e.cause != nil {
		fields = append(fields, zap.Error(e.cause))
	}
	if e.stack != "" {
		fields = append(fields, zap.String("stack", e.stack))
	}
	entry.Write(fields...)
}

// accessLevel is error for our own failures, warn for what may pass by itself, and debug for the probes, which come
// every few seconds and say nothing.
func accessLevel(r *http.Request, e *exchange, status int) zapcore.Level {
	switch {
	case e.gone:
		return zap.InfoLevel
	case status == http.StatusServiceUnavailable:
		if isProbe(r) {
			return zap.DebugLevel // readiness logs when it changes
		}
		return zap.WarnLevel
	case status >= http.StatusInternalServerError:
		return zap.ErrorLevel
	case isProbe(r), r.URL.Path == metricsPath:
		return zap.DebugLevel
	default:
		return zap.InfoLevel
	}
}
