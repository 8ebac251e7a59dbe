package openapitest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// document is a server's description of itself, ready to be compared with what the server does. It is safe for
// concurrent use.
type document struct {
	described *openapi3.T
	router    routers.Router

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	bodies   map[string]*jsonschema.Schema // by the place of the schema in the document
}

// location is what the document is called where its schemas are compiled.
const location = "openapi.json"

// documents are those that this process has read, by the digest of their text: the servers of a test program say nearly
// all the same, and to read it takes as long as a hundred requests.
var documents sync.Map // of func() (*document, error)

func init() {
	// What the API answers in beside JSON is compared as the text that it is.
	openapi3filter.RegisterBodyDecoder("application/x-ndjson", openapi3filter.FileBodyDecoder)
	openapi3.DefineStringFormatValidator("date-time", openapi3.NewCallbackValidator(checkInstant))
}

// checkInstant accepts what Go reads, which is a little more than RFC 3339: hours of one digit, a comma before fractions.
func checkInstant(text string) error {
	_, err := time.Parse(time.RFC3339, text)
	return err
}

// fetch asks the server at base for its document. Errors: it cannot be fetched, or is no valid document.
func fetch(base string, through http.RoundTripper) (*document, error) {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, base+"/api/openapi.json", nil)
	if err != nil {
		return nil, err
	}
	response, err := (&http.Client{Transport: through}).Do(request)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	reading := sync.OnceValues(func() (*document, error) { return parse(text) })
	known, _ := documents.LoadOrStore(sha256.Sum256(text), reading)
	return known.(func() (*document, error))()
}

// parse reads a document. It must be valid itself.
func parse(text []byte) (*document, error) {
	described, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("read OpenAPI document: %w", err)
	}
	if err := described.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	router, err := gorillamux.NewRouter(described)
	if err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read OpenAPI document: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020) // that of OpenAPI 3.1
	compiler.RegisterFormat(&jsonschema.Format{Name: "date-time", Validate: func(value any) error {
		if text, ok := value.(string); ok {
			return checkInstant(text)
		}
		return nil
	}})
	compiler.AssertFormat()
	if err := compiler.AddResource(location, tree); err != nil {
		return nil, fmt.Errorf("schemas of the OpenAPI document: %w", err)
	}
	return &document{described: described, router: router, compiler: compiler, bodies: map[string]*jsonschema.Schema{}}, nil
}

// checkAnswer compares an answer with what the document says about the operation that was asked for.
//
// A body in JSON is compared here rather than by openapi3filter, which compiles the schema anew for each.
func (d *document) checkAnswer(asked *openapi3filter.RequestValidationInput, response *http.Response, got []byte) error {
	place := placeOfBody(asked.Route, response)
	err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: asked,
		Status:                 response.StatusCode,
		Header:                 response.Header,
		Body:                   io.NopCloser(bytes.NewReader(got)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: place != ""},
	})
	if err != nil || place == "" {
		return err
	}
	schema, err := d.schemaAt(place)
	if err != nil {
		return fmt.Errorf("the document's schema of the answer: %w", err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(got))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if err := schema.Validate(value); err != nil {
		return fmt.Errorf("the answer is not as documented: %w", err)
	}
	return nil
}

// placeOfBody returns where in the document the schema of an answer in JSON is, as a JSON pointer; empty for an answer
// that the document does not describe, or not as JSON.
func placeOfBody(route *routers.Route, response *http.Response) string {
	mediaType, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	if mediaType != "application/json" && !strings.HasSuffix(mediaType, "+json") {
		return ""
	}
	status := fmt.Sprint(response.StatusCode)
	described := route.Operation.Responses.Value(status)
	if described == nil {
		status, described = "default", route.Operation.Responses.Default()
	}
	if described == nil || described.Ref != "" || described.Value == nil {
		return ""
	}
	if content := described.Value.Content[mediaType]; content == nil || content.Schema == nil {
		return ""
	}
	place := "#"
	for _, step := range []string{
		"paths", route.Path, strings.ToLower(route.Method), "responses", status, "content", mediaType, "schema",
	} {
		place += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(step)
	}
	return place
}

// schemaAt returns the schema at a place of the document.
func (d *document) schemaAt(place string) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if schema, ok := d.bodies[place]; ok {
		return schema, nil
	}
	schema, err := d.compiler.Compile(location + place)
	if err == nil {
		d.bodies[place] = schema
	}
	return schema, err
}
