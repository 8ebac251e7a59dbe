package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
	"github.com/gavelhq/gavel/platform/httpserver"
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
		Responses: map[string]*huma.Response{
			"200": {
				Description: "The log.",
				Headers:     map[string]*huma.Param{"ETag": {Schema: &huma.Schema{Type: huma.TypeString}, Description: "Names the head of the log, which says everything about it."}},
				Content: map[string]*huma.MediaType{publiclog.MediaType: {
					Schema: &huma.Schema{Type: huma.TypeString, Description: "JSON objects, one a line."},
				}},
			},
			"304": httpserver.Unchanged()["304"],
		},
	}
}

type logInput struct {
	ListingPath
	httpserver.Conditional
}

func (a *api) readLog(ctx context.Context, in *logInput) (*huma.StreamResponse, error) {
	log, err := a.Log.Of(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Cache-Control", "no-cache")
		if httpserver.Answered(ctx, in.Conditional, publiclog.LogFormat+"-"+log.Head.Hash.String()) {
			return
		}
		ctx.SetHeader("Content-Type", publiclog.MediaType)
		body := httpserver.NewPatientWriter(ctx.BodyWriter())
		err := writeLog(body, log)
		if err != nil && body.Err() == nil && ctx.Context().Err() == nil {
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
