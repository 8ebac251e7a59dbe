package httpserver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS string

var docsTemplate = template.Must(template.New("docs").Parse(docsHTML))

// docsData is what the page about the API shows.
type docsData struct {
	Title, Description, Version string
	Style                       template.CSS
	Operations                  []docsOperation
	Schemas                     []docsSchema
}

type docsOperation struct {
	ID, Method, Path, Summary, Description string
	Deprecated                             bool
	Parameters                             []docsField
	Body                                   *docsType
	Answers                                []docsAnswer
}

type docsAnswer struct {
	Status, About string
	Types         []docsType
}

type docsSchema struct {
	Name, About string
	Fields      []docsField
}

type docsField struct {
	Name, In, About string
	Required        bool
	Type            docsType
}

// docsType is a type in words, and the schema to read on about it.
type docsType struct{ Text, Ref string }

// docsPage returns the page about the API and the content policy that goes with it: the page is complete, so a browser
// need not and may not load anything for it.
func docsPage(api *huma.OpenAPI) (page []byte, policy string, err error) {
	data := docsData{
		Title:       api.Info.Title,
		Description: api.Info.Description,
		Version:     api.Info.Version,
		Style:       template.CSS(docsCSS), //nolint:gosec // embedded, not input
		Operations:  docsOperations(api),
		Schemas:     docsSchemas(api),
	}
	var text bytes.Buffer
	if err := docsTemplate.Execute(&text, data); err != nil {
		return nil, "", err
	}
	hash := sha256.Sum256([]byte(docsCSS))
	policy = fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		base64.StdEncoding.EncodeToString(hash[:]))
	return text.Bytes(), policy, nil
}

// docsOperations returns the operations by path and, within one, in the order in which people read methods.
func docsOperations(api *huma.OpenAPI) []docsOperation {
	var operations []docsOperation
	for _, path := range slices.Sorted(maps.Keys(api.Paths)) {
		item := api.Paths[path]
		for _, o := range []*huma.Operation{item.Get, item.Head, item.Post, item.Put, item.Patch, item.Delete, item.Options} {
			if o != nil {
				operations = append(operations, docsOperationOf(o, path))
			}
		}
	}
	return operations
}

func docsOperationOf(o *huma.Operation, path string) docsOperation {
	operation := docsOperation{
		ID:          cmp.Or(o.OperationID, strings.ToLower(o.Method)+path),
		Method:      o.Method,
		Path:        path,
		Summary:     o.Summary,
		Description: o.Description,
		Deprecated:  o.Deprecated,
	}
	for _, p := range o.Parameters {
		operation.Parameters = append(operation.Parameters, docsField{
			Name: p.Name, In: p.In, Required: p.Required, Type: docsTypeOf(p.Schema), About: docsAbout(p.Description, p.Schema),
		})
	}
	if o.RequestBody != nil {
		if types := docsTypes(o.RequestBody.Content); len(types) > 0 {
			operation.Body = &types[0]
		}
	}
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		r := o.Responses[status]
		operation.Answers = append(operation.Answers, docsAnswer{Status: status, About: r.Description, Types: docsTypes(r.Content)})
	}
	return operation
}

func docsTypes(content map[string]*huma.MediaType) []docsType {
	var types []docsType
	for _, mediaType := range slices.Sorted(maps.Keys(content)) {
		types = append(types, docsTypeOf(content[mediaType].Schema))
	}
	return types
}

func docsSchemas(api *huma.OpenAPI) []docsSchema {
	all := api.Components.Schemas.Map()
	schemas := make([]docsSchema, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := all[name]
		schema := docsSchema{Name: name, About: s.Description}
		for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
			p := s.Properties[field]
			schema.Fields = append(schema.Fields, docsField{
				Name: field, Required: slices.Contains(s.Required, field), Type: docsTypeOf(p), About: docsAbout(p.Description, p),
			})
		}
		schemas = append(schemas, schema)
	}
	return schemas
}

// docsTypeOf puts a schema into a few words: "string, date-time", "list of Bid".
func docsTypeOf(s *huma.Schema) docsType {
	switch {
	case s == nil:
		return docsType{Text: "any"}
	case s.Ref != "":
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		return docsType{Text: name, Ref: name}
	case s.Type == huma.TypeArray:
		item := docsTypeOf(s.Items)
		return docsType{Text: "list of " + item.Text, Ref: item.Ref}
	case s.Format != "":
		return docsType{Text: s.Type + ", " + s.Format}
	default:
		return docsType{Text: cmp.Or(s.Type, "any")}
	}
}

// docsAbout is a description and the bounds that a schema sets.
func docsAbout(description string, s *huma.Schema) string {
	parts := []string{}
	if description != "" {
		parts = append(parts, description)
	}
	if s == nil {
		return description
	}
	if len(s.Enum) > 0 {
		parts = append(parts, "One of "+strings.Trim(fmt.Sprint(s.Enum), "[]")+".")
	}
	if s.Minimum != nil {
		parts = append(parts, fmt.Sprintf("At least %g.", *s.Minimum))
	}
	if s.Maximum != nil {
		parts = append(parts, fmt.Sprintf("At most %g.", *s.Maximum))
	}
	if s.MaxLength != nil {
		parts = append(parts, fmt.Sprintf("At most %d characters.", *s.MaxLength))
	}
	if s.Default != nil {
		parts = append(parts, fmt.Sprintf("Default %v.", s.Default))
	}
	return strings.Join(parts, " ")
}
