package httpserver

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// problemMediaType is the media type of a Problem.
const problemMediaType = "application/problem+json"

// problemTypePrefix begins the type of every problem; its code follows. The types are names, not addresses.
const problemTypePrefix = "urn:problem-type:gavel:"

// Problem is the answer to a request that was refused or failed, as in RFC 9457.
type Problem struct {
	Type     string       `json:"type" format:"uri" example:"urn:problem-type:gavel:bid_too_low" doc:"The kind of problem: the code as a URI."`
	Title    string       `json:"title" example:"Bid too low" doc:"The kind of problem in words; the same for every problem of its type."`
	Status   int          `json:"status" example:"422" doc:"The HTTP status."`
	Detail   string       `json:"detail,omitempty" example:"Bid at least 12.50 EUR." doc:"What went wrong this time and what to do."`
	Instance string       `json:"instance,omitempty" format:"uri" example:"urn:uuid:0198c0de-0000-7000-8000-000000000000" doc:"The request, by the id that X-Request-Id shows. Give it to the operator."`
	Code     string       `json:"code" example:"bid_too_low" doc:"The rule that was broken. Stable: programs may rely on it."`
	Errors   []FieldError `json:"errors,omitempty" doc:"What is wrong with each invalid field."`

	// Fields are the rule's own members, such as the next minimum of a bid that was too low.
	Fields map[string]any `json:"-"`

	_ struct{} `additionalProperties:"true"`

	retryAfter int   // seconds; 0 for no Retry-After
	cause      error // for the log, never for the client
}

// FieldError says what is wrong with one field of a request.
type FieldError struct {
	Location string `json:"location,omitempty" example:"body.title" doc:"Where the field is: body, query, path or header, and its name."`
	Message  string `json:"message" example:"expected length <= 80" doc:"What is wrong with it."`
	Code     string `json:"code,omitempty" example:"invalid_title" doc:"The rule that it breaks, where a rule of the market refuses it. Stable."`
}

// newProblem returns a problem whose type and title follow from its code.
func newProblem(status int, code, detail string) *Problem {
	return &Problem{
		Type:   problemTypePrefix + code,
		Title:  title(code),
		Status: status,
		Detail: detail,
		Code:   code,
	}
}

// title puts a code into words: bid_too_low is "Bid too low".
func title(code string) string {
	words := strings.ReplaceAll(code, "_", " ")
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// statusCode is the code of a problem that only an HTTP status tells about: "method_not_allowed".
func statusCode(status int) string {
	text := http.StatusText(status)
	if text == "" {
		return "status_" + strconv.Itoa(status)
	}
	return strings.ToLower(strings.NewReplacer(" ", "_", "-", "_", "'", "").Replace(text))
}

// Error returns the code and the detail; with GetStatus it makes a Problem an error that huma answers as it is.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// Unwrap returns what caused the problem, nil where nothing did.
func (p *Problem) Unwrap() error { return p.cause }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType returns the media type of problems; huma asks for it.
func (p *Problem) ContentType(string) string { return problemMediaType }

// MarshalJSON writes the members of RFC 9457 and beside them the rule's own, which never replace those.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	standard, err := json.Marshal((*plain)(p))
	if err != nil || len(p.Fields) == 0 {
		return standard, err
	}
	members := map[string]any{}
	maps.Copy(members, p.Fields)
	var reserved map[string]json.RawMessage
	if err := json.Unmarshal(standard, &reserved); err != nil {
		return nil, err
	}
	for name, value := range reserved {
		members[name] = value
	}
	return json.Marshal(members)
}
