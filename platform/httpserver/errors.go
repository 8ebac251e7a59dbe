package httpserver

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/gavelhq/gavel/platform/fault"
)

// huma keeps its way of making errors in a variable of its package. It is replaced once, when the program starts:
// huma's own would show the text of any error to the client.
func init() { huma.NewError = newHumaError }

// newHumaError makes the problem for an error of huma's (an invalid field, an unknown media type) or one that a handler
// returned, which huma passes as a 500 with the error as the only detail.
func newHumaError(status int, detail string, errs ...error) huma.StatusError {
	for _, err := range errs {
		var f *fault.Error
		if errors.As(err, &f) {
			return faultToProblem(err)
		}
	}
	fields := fieldErrors(errs)
	switch {
	case status == http.StatusInternalServerError && len(errs) > 0:
		return failureToProblem(detail, errors.Join(errs...))
	case status > http.StatusInternalServerError:
		p := newProblem(status, statusCode(status), detail)
		p.cause = errors.Join(errs...)
		return p
	case len(fields) > 0 && status == http.StatusBadRequest:
		p := newProblem(status, "malformed_request", "The request cannot be read.")
		p.Errors = fields
		return p
	case len(fields) > 0:
		p := newProblem(status, "invalid_request", "The request has invalid fields.")
		p.Errors = fields
		return p
	default:
		return newProblem(status, statusCode(status), detail)
	}
}

// failureToProblem makes the problem for what huma calls a failure of the server. A body that breaks off is the
// client's failure.
func failureToProblem(detail string, err error) *Problem {
	p := faultToProblem(err)
	if p.Status == http.StatusInternalServerError && detail == "cannot read request body" {
		return newProblem(http.StatusBadRequest, "malformed_request", "The request's body broke off.")
	}
	return p
}

// fieldErrors returns those errors that tell about a field. The refused value is left out: it may be a password.
func fieldErrors(errs []error) []FieldError {
	var fields []FieldError
	for _, err := range errs {
		var detailer huma.ErrorDetailer
		if !errors.As(err, &detailer) {
			continue
		}
		d := detailer.ErrorDetail()
		fields = append(fields, FieldError{Location: d.Location, Message: d.Message})
	}
	return fields
}

// finishProblem is a huma transformer: it completes every problem that leaves through huma.
func finishProblem(ctx huma.Context, _ string, v any) (any, error) {
	p, ok := v.(*Problem)
	if !ok {
		return v, nil
	}
	return p.finish(ctx.Context(), ctx.SetHeader), nil
}

// WriteError answers a request with the problem that err stands for. It is for handlers beside huma; those of huma
// return the error.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	p := faultToProblem(err).finish(r.Context(), w.Header().Set)
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // a fault whose fields are no JSON: the recovery answers and logs it
	}
	w.Header().Set("Content-Type", problemMediaType)
	w.WriteHeader(p.Status)
	_, _ = w.Write(body) // fails only when the client has gone
}

// finish returns a copy of p for the exchange that ctx belongs to, sets the headers that go with it, and leaves the
// cause to the access log. Where the client has gone, its leaving is the cause and no failure.
func (p *Problem) finish(ctx context.Context, setHeader func(name, value string)) *Problem {
	done := *p
	e := exchangeOf(ctx)
	if e.id != "" {
		done.Instance = "urn:uuid:" + e.id
	}
	if errors.Is(p.cause, context.Canceled) && errors.Is(ctx.Err(), context.Canceled) {
		e.gone = true
		return &done
	}
	e.cause = p.cause
	setHeader("Cache-Control", "no-store")
	if p.Status == http.StatusUnauthorized {
		setHeader("WWW-Authenticate", "Bearer")
	}
	if p.retryAfter > 0 {
		setHeader("Retry-After", strconv.Itoa(p.retryAfter))
	}
	return &done
}
