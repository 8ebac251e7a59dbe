package httpserver

import (
	"io"
	"net/http"
	"time"
)

const (
	// linePatience is how long a client may take to accept a few lines. The server's own limit is for whole answers, and
	// a long one takes longer.
	linePatience = 30 * time.Second
	// patientBytes is after how many bytes the patience begins anew.
	patientBytes = 64 << 10
)

// PatientWriter writes an answer that may be long to a client, as long as he keeps reading.
type PatientWriter struct {
	w    io.Writer
	left int   // bytes until the patience begins anew
	err  error // that the client met: it has gone, or reads too slowly
}

// NewPatientWriter returns a writer to w, the body of an answer.
func NewPatientWriter(w io.Writer) *PatientWriter { return &PatientWriter{w: w} }

// Write writes to the client. Errors: it has gone, or reads too slowly.
func (p *PatientWriter) Write(b []byte) (int, error) {
	if w, ok := p.w.(http.ResponseWriter); ok && p.left <= 0 {
		p.left = patientBytes
		// Where deadlines are not supported there are none to move.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(linePatience)) //nolint:forbidigo // what connections go by
	}
	n, err := p.w.Write(b)
	p.left -= n
	p.err = err
	return n, err
}

// Err returns what the last Write returned: a failure of the client, not of who makes the answer.
func (p *PatientWriter) Err() error { return p.err }
