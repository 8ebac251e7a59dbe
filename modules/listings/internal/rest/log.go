package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
)

// newLogOperation returns a new one for every API: huma writes into it.
func newLogOperation() huma.Operation {
	return huma.Operation{
		OperationID: "get-log",
		Method:      http.MethodGet,
		Path:        resource + "/log",
		Summary:     "Read a listing's public log",
		Description: "Streams the log as NDJSON: a line that names the listing and the head of its log, then one line for each " +
			"event. Save it and check it with `monolith verify FILE`.",
		Tags:   []string{"Listings"},
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
		Responses: map[string]*huma.Response{"200": {
			Description: "The log.",
			Content: map[string]*huma.MediaType{publiclog.MediaType: {
				Schema: &huma.Schema{Type: huma.TypeString, Description: "JSON objects, one a line."},
			}},
		}},
	}
}

func (a *api) readLog(ctx context.Context, in *ListingPath) (*huma.StreamResponse, error) {
	log, err := a.Log.Of(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", publiclog.MediaType)
		ctx.SetHeader("Cache-Control", "no-cache")
		body := &patientWriter{w: ctx.BodyWriter()}
		err := writeLog(body, log)
		if err != nil && body.err == nil && ctx.Context().Err() == nil {
			// The answer has begun: breaking the connection is the only way to say that it is not whole.
			panic(fmt.Errorf("stream the log of %s: %w", in.ID, err))
		}
	}}, nil
}

// writeLog writes the log as publiclog does. Errors: what the store or the writer reports.
func writeLog(w io.Writer, log app.PublishedLog) error {
	lines, err := publiclog.NewWriter(w, publiclog.Header{Listing: log.Listing, Currency: log.Currency, Head: log.Head})
	if err != nil {
		return err
	}
	for e, err := range log.Events {
		if err != nil {
			return err
		}
		if err := lines.Write(e); err != nil {
			return err
		}
	}
	return nil
}

const (
	// linePatience is how long a client may take to accept a few lines. The server's own limit is for whole answers, and
	// a long log takes longer.
	linePatience = 30 * time.Second
	// patientBytes is after how many bytes the patience begins anew.
	patientBytes = 64 << 10
)

// patientWriter writes to a client as long as it keeps reading.
type patientWriter struct {
	w    io.Writer
	left int   // bytes until the patience begins anew
	err  error // that the client met: it has gone, or reads too slowly
}

func (p *patientWriter) Write(b []byte) (int, error) {
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
