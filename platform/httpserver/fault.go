package httpserver

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/page"
)

// statusOf is the one table of kinds and HTTP statuses.
var statusOf = map[fault.Kind]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Precondition:    http.StatusPreconditionFailed,
	fault.Limited:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Internal:        http.StatusInternalServerError,
}

// malformed are the faults that say that the request could not even be read. They are 400, not 422.
var malformed = []error{page.ErrInvalidCursor, ErrMalformedForm}

// ErrMalformedForm: what was sent instead of a form is none, as no browser sends it.
var ErrMalformedForm = fault.New(fault.Invalid, "malformed_form", "This form cannot be read.")

// statusClientGone is the status in the log for a request whose client left before it was answered. Nobody receives it.
const statusClientGone = 499

// retryAfterField is the field by which a limited or unavailable fault says after how many seconds to try again.
const retryAfterField = "retry_after"

// faultToProblem turns any error into what the client may know of it. The error stays in the problem as its cause
// where the server, not the client, has to answer for it.
func faultToProblem(err error) *Problem {
	var own *Problem
	if errors.As(err, &own) {
		return own
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return newProblem(http.StatusRequestEntityTooLarge, "body_too_large", "The request's body is too large.").
			with("limit_bytes", tooLarge.Limit)
	}
	var asFault *fault.Error
	if !errors.As(err, &asFault) && errors.Is(err, context.DeadlineExceeded) {
		p := newProblem(http.StatusServiceUnavailable, "timeout", "This took too long. Please try again.")
		p.retryAfter, p.cause = 1, err
		return p
	}
	f := fault.Of(err)
	p := newProblem(statusOfFault(f), f.Code(), f.Detail())
	p.Fields = f.Fields()
	p.Errors = refusedFields(p.Fields)
	if p.Status >= http.StatusInternalServerError {
		p.cause = err
	}
	if f.Kind() == fault.Limited || f.Kind() == fault.Unavailable {
		p.retryAfter = seconds(p.Fields[retryAfterField])
		delete(p.Fields, retryAfterField)
	}
	return p
}

// errorsField is the field in which a fault lists every field of the request that it refuses, each as {"field", "code",
// "detail"}.
const errorsField = "errors"

// refusedFields takes that list out of a fault's fields, in the form in which all problems tell it.
func refusedFields(fields map[string]any) []FieldError {
	refused, ok := fields[errorsField].([]map[string]string)
	if !ok {
		return nil
	}
	delete(fields, errorsField)
	told := make([]FieldError, len(refused))
	for i, r := range refused {
		told[i] = FieldError{Location: "body." + r["field"], Message: r["detail"], Code: r["code"]}
	}
	return told
}

func statusOfFault(f *fault.Error) int {
	for _, m := range malformed {
		if errors.Is(f, m) {
			return http.StatusBadRequest
		}
	}
	if status, ok := statusOf[f.Kind()]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// seconds reads a fault's retry_after: whole seconds or a duration, rounded up, at least one.
func seconds(value any) int {
	switch v := value.(type) {
	case int:
		return max(v, 1)
	case int64:
		return max(int(v), 1)
	case time.Duration:
		return max(int(math.Ceil(v.Seconds())), 1)
	default:
		return 1
	}
}

// with adds a member of the rule's own to p.
func (p *Problem) with(name string, value any) *Problem {
	if p.Fields == nil {
		p.Fields = map[string]any{}
	}
	p.Fields[name] = value
	return p
}
