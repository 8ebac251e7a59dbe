package httpserver

import (
	"net/http"
	"slices"

	"github.com/gavelhq/gavel/platform/fault"
)

// Repeatable are the request headers of a POST that changes something; embed it in the input of an operation.
type Repeatable struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" pattern:"^[ -~]*$" doc:"Chosen by the client, new for each command: the same request with the same key is done once, and answered alike each time. Printable ASCII."`
}

// ErrVersionMismatch: the resource is not what the client has read.
var ErrVersionMismatch = fault.New(fault.Precondition, "version_mismatch", "This has changed since you read it. Read it again.")

// Edit are the request headers of a change to a resource that the client has read; embed it in the input of an operation.
type Edit struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what the client has read. If it is no longer the same, the answer is 412 and nothing is changed."`
}

// AnyVersion reports whether any version is right: the client does not say what it has read, or says so with an asterisk.
// Such a change needs no version to compare with, and what others change meanwhile does not refuse it.
func (e Edit) AnyVersion() bool {
	return e.IfMatch == "" || slices.Contains(entityTags(e.IfMatch), "*")
}

// Check compares what the client has read with the present representation, as this caller sees it. Without If-Match
// anything is right; an asterisk is any version. Errors: ErrVersionMismatch; when current cannot be written as JSON.
func (e Edit) Check(current any) error {
	if e.AnyVersion() {
		return nil
	}
	tag, err := etag(current)
	if err != nil {
		return err
	}
	if !matchesStrongly(e.IfMatch, tag) {
		return ErrVersionMismatch
	}
	return nil
}

// Edited is the output of an operation that changed something and shows it. Make it with RespondEdited.
type Edited[T any] struct {
	ETag string `header:"ETag" doc:"Names this version of it, for the next If-Match."`
	Body T
}

// RespondEdited answers with what the resource has become. Errors: when body cannot be written as JSON.
func RespondEdited[T any](body T) (*Edited[T], error) {
	tag, err := etag(body)
	if err != nil {
		return nil, err
	}
	return &Edited[T]{ETag: tag, Body: body}, nil
}

// Created is the output of an operation that made something.
type Created[T any] struct {
	Status   int
	Location string `header:"Location" doc:"Where it is."`
	ETag     string `header:"ETag" doc:"Names this version of it."`
	Body     T
}

// RespondCreated answers 201 with what is now at location. Errors: when body cannot be written as JSON.
func RespondCreated[T any](location string, body T) (*Created[T], error) {
	tag, err := etag(body)
	if err != nil {
		return nil, err
	}
	return &Created[T]{Status: http.StatusCreated, Location: location, ETag: tag, Body: body}, nil
}
