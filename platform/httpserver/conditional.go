package httpserver

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Conditional are the request headers of a conditional GET; embed it in the input of an operation.
type Conditional struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of the answer that the client has. If it is still the same, the answer is 304."`
}

// Cached is the output of an operation that supports conditional GET. Make it with Respond.
type Cached[T any] struct {
	Status       int
	ETag         string `header:"ETag" doc:"Names this version of the answer."`
	CacheControl string `header:"Cache-Control"`
	Body         T
}

// Respond answers with body, or with 304 when c says that the client has it already. The ETag is computed from the
// body, that is, from what this caller may see: it changes with nothing that stays hidden.
// Errors: when body cannot be written as JSON.
func Respond[T any](c Conditional, body T) (*Cached[T], error) {
	tag, err := etag(body)
	if err != nil {
		return nil, err
	}
	answer := &Cached[T]{Status: http.StatusOK, ETag: tag, CacheControl: "private, no-cache", Body: body}
	if matches(c.IfNoneMatch, tag) {
		answer.Status = http.StatusNotModified
	}
	return answer, nil
}

// etag returns the strong entity tag of a representation.
func etag(representation any) (string, error) {
	text, err := json.Marshal(representation)
	if err != nil {
		return "", fmt.Errorf("compute ETag: %w", err)
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
