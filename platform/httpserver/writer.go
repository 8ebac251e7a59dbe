package httpserver

import (
	"net/http"
)

// responseWriter remembers what was answered. It holds the status back until the first byte of the body or the end of
// the handler, so that a handler that fails before it has written anything can still be answered with a problem.
type responseWriter struct {
	http.ResponseWriter
	status    int // 0 until there is one
	committed bool
	bytes     int64

	beforeCommit func(http.Header) // has the last word on the headers; nil for nobody
}

// WriteHeader notes the status; as in net/http the first one counts. Informational ones pass at once.
func (w *responseWriter) WriteHeader(status int) {
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	if w.status == 0 {
		w.status = status
	}
}

func (w *responseWriter) Write(b []byte) (int, error) {
	w.commit()
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// FlushError sends what was written so far; http.ResponseController finds it.
func (w *responseWriter) FlushError() error {
	w.commit()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// commit sends the status and the headers, after which nothing can be taken back.
func (w *responseWriter) commit() {
	if w.committed {
		return
	}
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.committed = true
	if w.beforeCommit != nil {
		w.beforeCommit(w.Header())
	}
	w.ResponseWriter.WriteHeader(w.status)
}

// retract forgets an answer that was not committed and sets the headers back to those given. It reports false when
// the answer is on its way already.
func (w *responseWriter) retract(headers http.Header) bool {
	if w.committed {
		return false
	}
	w.status = 0
	current := w.Header()
	clear(current)
	for name, values := range headers {
		current[name] = values
	}
	return true
}
