package httpserver

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/fault"
)

// The paths that operators and their tools ask for.
const (
	healthPath  = "/healthz"
	readyPath   = "/readyz"
	versionPath = "/version"
	metricsPath = "/metrics"
)

// Build says which program runs.
type Build struct {
	Version  string `json:"version"`            // "v1.2.0", "devel"
	Revision string `json:"revision,omitempty"` // the commit
	Go       string `json:"go"`                 // the compiler
}

// isProbe reports whether r asks how the server is, which balancers do all the time.
func isProbe(r *http.Request) bool {
	return r.URL.Path == healthPath || r.URL.Path == readyPath
}

// operate registers what every server answers whatever its modules are.
func (s *Server) operate(router chi.Router) {
	router.Get(healthPath, health)
	router.Get(readyPath, s.ready)
	router.Get(versionPath, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, s.build) })
	if s.settings.Metrics.Token != "" && s.settings.Metrics.Addr == "" {
		router.Method(http.MethodGet, metricsPath, s.metricsHandler())
	}
}

// health says that the process answers.
func health(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, map[string]string{"status": "ok"})
}

// ready says whether requests can be served now; if not, which checks fail, but not why.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if s.readiness.stopped() {
		WriteError(w, r, fault.New(fault.Unavailable, "stopping", "The server is stopping."))
		return
	}
	if failed := s.readiness.failures(r.Context()); len(failed) > 0 {
		WriteError(w, r, fault.New(fault.Unavailable, "not_ready", "Not ready: "+strings.Join(failed, ", ")+".").With("failing", failed))
		return
	}
	answerJSON(w, map[string]any{"status": "ready", "checks": s.readiness.names()})
}

// answerJSON writes what must not be cached.
func answerJSON(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = writeJSON(w, body) // never an error, see there
}

// metricsHandler serves the metrics, to those who show the token where one is set.
func (s *Server) metricsHandler() http.Handler {
	return requireToken(s.settings.Metrics.Token, promhttp.HandlerFor(s.gatherer, promhttp.HandlerOpts{
		ErrorLog:          promLogger{s.log},
		EnableOpenMetrics: true,
	}))
}

// errMetricsToken answers who asks for metrics without the token.
var errMetricsToken = fault.New(fault.Unauthenticated, "metrics_token_required", "Show the token of metrics.token as a bearer token.")

// requireToken lets only requests with the bearer token through; all, when it is empty. It compares hashes, so that
// the time it takes tells neither the token nor its length.
func requireToken(token string, next http.Handler) http.Handler {
	if token == "" {
		return next
	}
	want := sha256.Sum256([]byte(token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, shown, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		got := sha256.Sum256([]byte(shown))
		if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			WriteError(w, r, errMetricsToken)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// promLogger writes what promhttp has to say to our log.
type promLogger struct{ log *zap.Logger }

func (l promLogger) Println(v ...any) { l.log.Sugar().Warnln(v...) }
