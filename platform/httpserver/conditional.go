package httpserver

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Conditional are the request headers of a conditional GET; embed it in the input of an operation.
type Conditional struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of the answer that the client has. If it is still the same, the answer is 304."`
}

// Unchanged documents the answer to a conditional GET whose client has the newest version.
func Unchanged() map[string]*huma.Response {
	return map[string]*huma.Response{"304": {Description: "The client has this version already."}}
}

// Cached is the output of an operation that supports conditional GET. Make it with Respond.
type Cached[T any] struct {
	Status       int
	ETag         string `header:"ETag" doc:"Names this version of the answer."`
	CacheControl string `header:"Cache-Control"`
	Body         Encoded[T]
}

// Encoded is a T as JSON, written once for its ETag and for all clients that get it. In the document it is a T.
type Encoded[T any] struct {
	text []byte
	tag  string
}

// Encode returns body as JSON. Errors: when it cannot be written so.
func Encode[T any](body T) (Encoded[T], error) {
	text, err := encode(body)
	if err != nil {
		return Encoded[T]{}, err
	}
	return Encoded[T]{text: text, tag: tagOf(text)}, nil
}

// Schema describes a T to the readers of the API.
func (Encoded[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// Len returns how many bytes it is.
func (e Encoded[T]) Len() int { return len(e.text) }

func (e Encoded[T]) encoded() []byte { return e.text }

// Respond answers with what is encoded, or with 304 when c says that the client has it already.
func (e Encoded[T]) Respond(c Conditional) *Cached[T] {
	answer := &Cached[T]{Status: http.StatusOK, ETag: e.tag, CacheControl: revalidate, Body: e}
	if matches(c.IfNoneMatch, e.tag) {
		answer.Status = http.StatusNotModified
	}
	return answer
}

// Respond answers with body, or with 304 when c says that the client has it already. The ETag is computed from the
// body, that is, from what this caller may see: it changes with nothing that stays hidden.
// Errors: when body cannot be written as JSON.
func Respond[T any](c Conditional, body T) (*Cached[T], error) {
	e, err := Encode(body)
	if err != nil {
		return nil, err
	}
	return e.Respond(c), nil
}

// revalidate lets the client alone keep an answer, and ask each time whether it is still so.
const revalidate = "private, no-cache"

// Answered reports whether the client has the version that the tag, without its quotes, names, and writes the header of
// that version, with 304 if so. It is for answers that are streamed and whose bytes something short says everything about.
func Answered(ctx huma.Context, c Conditional, version string) bool {
	tag := `"` + version + `"`
	ctx.SetHeader("ETag", tag)
	if !matches(c.IfNoneMatch, tag) {
		return false
	}
	ctx.SetStatus(http.StatusNotModified)
	return true
}

// etag returns the strong entity tag of a representation. Errors: when it cannot be written as JSON.
func etag(representation any) (string, error) {
	text, err := encode(representation)
	if err != nil {
		return "", err
	}
	return tagOf(text), nil
}

// tagOf returns the strong entity tag of a body.
func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}

// entityTags returns the elements of a header such as If-Match.
func entityTags(header string) []string {
	tags := strings.Split(header, ",")
	for i, tag := range tags {
		tags[i] = strings.TrimSpace(tag)
	}
	return tags
}

// matchesStrongly reports whether an If-Match header names tag. As RFC 9110 asks, a weak tag never does, because what it
// names may differ from what was read.
func matchesStrongly(header, tag string) bool { return slices.Contains(entityTags(header), tag) }

// matches reports whether an If-None-Match header names tag. As RFC 9110 asks, weak tags count like strong ones, and an
// asterisk is any.
func matches(header, tag string) bool {
	for _, candidate := range entityTags(header) {
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == tag {
			return true
		}
	}
	return false
}
