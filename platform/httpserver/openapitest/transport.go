// Package openapitest holds a server to the OpenAPI document that it serves: every exchange of a test's client is checked
// against it, so that the document describes the API as it is.
package openapitest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// prefix begins the paths that the document describes.
const prefix = "/api/v1/"

// Transport passes requests on and checks each exchange with the API against the server's document: the answer's status,
// media type, headers and body are described there, and a request that was accepted is valid by it. Anything beside the
// API passes unchecked. It is safe for concurrent use.
type Transport struct {
	next     http.RoundTripper
	report   func(error)
	document func() (*document, error)

	mu     sync.Mutex
	visits map[string]visits // by operation id
}

// visits are how often an operation was asked for.
type visits struct{ succeeded, refused int }

// NewTransport returns a transport that sends through next (nil is the default one) to the server at base, such as
// "http://127.0.0.1:8080", and reports each exchange that is not as documented.
func NewTransport(report func(error), base string, next http.RoundTripper) *Transport {
	if next == nil {
		next = http.DefaultTransport
	}
	return &Transport{
		next:     next,
		report:   report,
		document: sync.OnceValues(func() (*document, error) { return fetch(base, next) }),
		visits:   map[string]visits{},
	}
}

// Document returns what the server at base says of itself. Errors: it cannot be fetched, or is no valid document.
func (x *Transport) Document() (*openapi3.T, error) {
	d, err := x.document()
	if err != nil {
		return nil, err
	}
	return d.described, nil
}

// Checked returns how many exchanges were checked, by operation id.
func (x *Transport) Checked() map[string]int {
	x.mu.Lock()
	defer x.mu.Unlock()
	checked := make(map[string]int, len(x.visits))
	for operation, v := range x.visits {
		checked[operation] = v.succeeded + v.refused
	}
	return checked
}

// Unvisited returns what the exchanges have left out of the document, sorted: each operation that never succeeded, and
// each that was never refused. Empty means that the whole API was seen from both sides. Errors: those of Document.
func (x *Transport) Unvisited() ([]string, error) {
	described, err := x.Document()
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	var missing []string
	for _, item := range described.Paths.Map() {
		for _, operation := range item.Operations() {
			v := x.visits[operation.OperationID]
			if v.succeeded == 0 {
				missing = append(missing, operation.OperationID+" never succeeded")
			}
			if v.refused == 0 {
				missing = append(missing, operation.OperationID+" was never refused")
			}
		}
	}
	slices.Sort(missing)
	return missing, nil
}

// RoundTrip implements http.RoundTripper. Errors: those of the transport below; what is not as documented is reported to
// the test.
func (x *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(request.URL.Path, prefix) {
		return x.next.RoundTrip(request)
	}
	sent, err := bodyOf(&request.Body)
	if err != nil {
		return nil, err
	}
	response, err := x.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	got, err := bodyOf(&response.Body)
	if err != nil {
		response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(got), failing{err}))
		return response, nil //nolint:nilerr // the reader of the body finds it
	}
	if err := x.Check(request, sent, response, got); err != nil {
		x.report(err)
	}
	return response, nil
}

// failing is the end of a body that broke off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// bodyOf reads a body and puts a copy in its place.
func bodyOf(body *io.ReadCloser) ([]byte, error) {
	if *body == nil || *body == http.NoBody {
		return nil, nil
	}
	content, err := io.ReadAll(*body)
	err = errors.Join(err, (*body).Close())
	*body = io.NopCloser(bytes.NewReader(content))
	return content, err
}

// Check compares one exchange with the API, whose bodies were read already, with the document: for clients that cannot send
// through the transport. Errors: what is not as documented, those of Document.
func (x *Transport) Check(request *http.Request, sent []byte, response *http.Response, got []byte) error {
	if err := x.check(request, sent, response, got); err != nil {
		return fmt.Errorf("%s %s answered %d: %w", request.Method, request.URL.Path, response.StatusCode, err)
	}
	return nil
}

func (x *Transport) check(request *http.Request, sent []byte, response *http.Response, got []byte) error {
	d, err := x.document()
	if err != nil {
		return err
	}
	probe := request.Clone(context.Background())
	probe.Body = io.NopCloser(bytes.NewReader(withoutNulls(sent)))
	probe.URL.RawQuery = withoutEmpty(probe.URL.Query())
	if probe.Method == http.MethodHead {
		probe.Method = http.MethodGet // HEAD is answered wherever GET is
	}
	route, params, err := d.router.FindRoute(probe)
	if err != nil {
		return undocumented(response.StatusCode, err)
	}
	x.count(route.Operation.OperationID, response.StatusCode)
	input := &openapi3filter.RequestValidationInput{
		Request: probe, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	if response.StatusCode < http.StatusBadRequest {
		if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
			return fmt.Errorf("a request was accepted that the document does not allow: %w", err)
		}
	}
	if response.StatusCode >= http.StatusInternalServerError && response.StatusCode != http.StatusServiceUnavailable {
		return errors.New("the server failed")
	}
	if request.Method == http.MethodHead {
		return nil // no body to check
	}
	return d.checkAnswer(input, response, got)
}

// withoutEmpty leaves out of a query the parameters that are empty: the document says that it is the same.
func withoutEmpty(query url.Values) string {
	for name, values := range query {
		if len(slices.Compact(slices.Clone(values))) == 1 && values[0] == "" {
			query.Del(name)
		}
	}
	return query.Encode()
}

// withoutNulls leaves out of a JSON text the members that are null: the document says that it is the same. What a member
// that is needed may not be is refused either way.
func withoutNulls(text []byte) []byte {
	if !bytes.Contains(text, []byte("null")) {
		return text
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil || d.More() {
		return text
	}
	short, err := json.Marshal(dropNulls(value))
	if err != nil {
		return text
	}
	return short
}

func dropNulls(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			if member == nil {
				delete(v, name)
			} else {
				v[name] = dropNulls(member)
			}
		}
	case []any:
		for i, item := range v {
			v[i] = dropNulls(item)
		}
	}
	return value
}

// undocumented says whether an address that is not in the document may be answered so: only by refusing it.
func undocumented(status int, err error) error {
	if status >= http.StatusBadRequest && status < http.StatusInternalServerError {
		return nil
	}
	return fmt.Errorf("the document does not know this address: %w", err)
}

func (x *Transport) count(operation string, status int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	v := x.visits[operation]
	if status < http.StatusBadRequest {
		v.succeeded++
	} else {
		v.refused++
	}
	x.visits[operation] = v
}
