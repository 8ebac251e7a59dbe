package malform

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
)

// Operation is one operation of the document.
type Operation struct {
	ID, Method, Path string
	Scope            string // what a token needs for it; empty where nobody has to sign in

	described *openapi3.Operation
}

// Known are values that make a request valid where the document alone does not tell which do: "path.id", "query.cursor",
// "header.If-Match", "body.maximum.amount". Omit leaves an optional one out.
type Known map[string]any

// Omit leaves a value out.
const Omit = omission("omit")

type omission string

// Generator makes requests. What it makes follows from its seed and from what it is told. It is not safe for concurrent
// use.
type Generator struct {
	random     *rand.Rand
	now        time.Time
	operations []Operation
	sparse     bool // what is optional is left out
}

// NewGenerator returns a generator for the operations of the document. Dates lie around now.
func NewGenerator(document *openapi3.T, seed uint64, now time.Time) *Generator {
	g := &Generator{random: rand.New(rand.NewPCG(seed, seed)), now: now} //nolint:gosec // a test must be repeatable
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			g.operations = append(g.operations, Operation{
				ID: operation.OperationID, Method: method, Path: path, described: operation,
				Scope: scope(operation.Security),
			})
		}
	}
	slices.SortFunc(g.operations, func(a, b Operation) int { return strings.Compare(a.ID, b.ID) })
	return g
}

// scope returns what a token needs for an operation that is secured so.
func scope(security *openapi3.SecurityRequirements) string {
	if security == nil {
		return ""
	}
	for _, way := range *security {
		if scopes := way["token"]; len(scopes) > 0 {
			return scopes[0]
		}
	}
	return ""
}

// Operations returns the operations by their ids.
func (g *Generator) Operations() []Operation { return slices.Clone(g.operations) }

// Chance is true once in n times.
func (g *Generator) Chance(n int) bool { return g.random.IntN(n) == 0 }

// Pick returns one of the values.
func Pick[T any](g *Generator, from []T) T { return from[g.random.IntN(len(from))] }

// Word returns a word of n letters that was not there before.
func (g *Generator) Word(n int) string {
	word := make([]byte, n)
	for i := range word {
		word[i] = 'a' + byte(g.random.IntN(26))
	}
	return string(word)
}

// draft is a request in the making.
type draft struct {
	operation Operation
	request   Request
	path      []segment
	query     []Field // escaped
	body      *node   // nil: there is none, or raw is it
	raw       []byte
	sealed    bool // the body's length was said, and must not be made wrong by accident: the server would wait for the rest
}

// segment is a part of the path between slashes, escaped.
type segment struct {
	text      string
	parameter bool
}

// Valid returns a request that the document allows, sent by a caller who shows the fields. Of what is optional it holds
// only what is known, because the document does not tell everything of what a value must be.
func (g *Generator) Valid(o Operation, known Known, shown ...Field) Request {
	g.sparse = true
	defer func() { g.sparse = false }()
	return g.draft(o, known, shown).finish()
}

// optional decides whether something optional is there, which it is once in n times.
func (g *Generator) optional(n int) bool { return !g.sparse && g.Chance(n) }

// Broken returns such a request broken in up to three ways.
func (g *Generator) Broken(o Operation, known Known, shown ...Field) Request {
	d := g.draft(o, known, shown)
	ways := 1
	for ways < 3 && g.Chance(4) {
		ways++
	}
	for len(d.request.Broken) < ways {
		way := g.breakage()
		if slices.Contains(d.request.Broken, way.name) || !way.breaks(g, d) {
			continue
		}
		d.request.Broken = append(d.request.Broken, way.name)
	}
	return d.finish()
}

// breakage draws a way to break a request, by the ways' weights.
func (g *Generator) breakage() breakage {
	total := 0
	for _, way := range breakages {
		total += way.weight
	}
	at := g.random.IntN(total)
	for _, way := range breakages {
		if at -= way.weight; at < 0 {
			return way
		}
	}
	panic("a draw beyond the last of the weights")
}

func (d *draft) finish() Request {
	var target strings.Builder
	for _, s := range d.path {
		target.WriteByte('/')
		target.WriteString(s.text)
	}
	for i, q := range d.query {
		target.WriteString(map[bool]string{true: "?", false: "&"}[i == 0])
		target.WriteString(q.Name)
		if q.Value != noValue {
			target.WriteString("=" + q.Value)
		}
	}
	d.request.Target = target.String()
	d.request.Body = d.text()
	return d.request
}

// noValue is a query parameter without the equals sign.
const noValue = "\x00"

// text is the body as it is so far.
func (d *draft) text() []byte {
	if d.body == nil {
		return d.raw
	}
	var b bytes.Buffer
	d.body.write(&b)
	return b.Bytes()
}

// flatten makes the body a text.
func (d *draft) flatten() {
	d.raw, d.body = d.text(), nil
}

func (g *Generator) draft(o Operation, known Known, shown []Field) *draft {
	d := &draft{operation: o, request: Request{Operation: o.ID, Method: o.Method, Header: slices.Clone(shown)}}
	for _, part := range strings.Split(strings.TrimPrefix(o.Path, "/"), "/") {
		if !strings.HasPrefix(part, "{") {
			d.path = append(d.path, segment{text: part})
			continue
		}
		name := strings.Trim(part, "{}")
		value, ok := known["path."+name]
		if !ok {
			value = g.parameter(o, "path", name)
		}
		d.path = append(d.path, segment{text: url.PathEscape(fmt.Sprint(value)), parameter: true})
	}
	for _, ref := range o.described.Parameters {
		p := ref.Value
		value, ok := known[p.In+"."+p.Name]
		switch {
		case p.In == "path", ok && value == Omit, !ok && !p.Required && !g.optional(4):
			continue
		case !ok:
			value = g.parameter(o, p.In, p.Name)
		}
		if p.In == "header" {
			d.request.set(p.Name, fmt.Sprint(value))
			continue
		}
		d.query = append(d.query, Field{Name: p.Name, Value: url.QueryEscape(fmt.Sprint(value))})
	}
	if o.described.RequestBody != nil {
		if media := o.described.RequestBody.Value.Content["application/json"]; media != nil {
			d.body = g.value(media.Schema.Value, "body", known)
			d.request.set("Content-Type", "application/json")
		}
	}
	return d
}

// parameter makes a value for a parameter.
func (g *Generator) parameter(o Operation, in, name string) any {
	p := o.described.Parameters.GetByInAndName(in, name)
	if p == nil || p.Schema == nil {
		return g.Word(6)
	}
	schema := p.Schema.Value
	if schema.Type.Is("array") {
		schema = schema.Items.Value
	}
	switch name {
	case "cursor":
		return Pick(g, []string{"", hex.EncodeToString([]byte(g.Word(9)))})
	case "If-Match", "If-None-Match":
		return Pick(g, []string{"*", `"` + g.Word(22) + `"`})
	}
	return g.plain(schema)
}

// value makes a value of the schema.
func (g *Generator) value(schema *openapi3.Schema, place string, known Known) *node {
	if value, ok := known[place]; ok {
		return scalar(value)
	}
	switch {
	case schema.Type.Is("object"):
		n := &node{object: true}
		names := make([]string, 0, len(schema.Properties))
		for name := range schema.Properties {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			at := place + "." + name
			value, ok := known[at]
			if value == Omit || name == "$schema" || !ok && !slices.Contains(schema.Required, name) && !g.below(known, at) && !g.optional(3) {
				continue
			}
			n.members = append(n.members, member{key: marshal(name), value: g.value(schema.Properties[name].Value, at, known)})
		}
		return n
	case schema.Type.Is("array"):
		n := &node{array: true}
		for range g.random.IntN(3) {
			n.items = append(n.items, g.value(schema.Items.Value, place+"[]", known))
		}
		return n
	default:
		if strings.HasSuffix(place, ".amount") {
			return scalar("12.50")
		}
		return scalar(g.plain(schema))
	}
}

// below reports whether something below the place is known.
func (g *Generator) below(known Known, place string) bool {
	for name := range known {
		if strings.HasPrefix(name, place+".") {
			return true
		}
	}
	return false
}

// plain makes a value that is no object and no array.
func (g *Generator) plain(schema *openapi3.Schema) any {
	switch {
	case len(schema.Enum) > 0:
		return Pick(g, schema.Enum)
	case schema.Type.Is("boolean"):
		return g.Chance(2)
	case schema.Type.Is("integer"), schema.Type.Is("number"):
		least, most := 0.0, 1000.0
		if schema.Min != nil {
			least = *schema.Min
		}
		if schema.Max != nil {
			most = *schema.Max
		}
		return int64(least) + g.random.Int64N(max(1, int64(most-least)))
	case schema.Format == "uuid":
		return g.ID().String()
	case schema.Format == "date-time":
		return g.now.Add(time.Duration(g.random.IntN(240)) * time.Hour).UTC().Format(time.RFC3339)
	case len(schema.Examples) > 0 && schema.Pattern == "":
		return Pick(g, schema.Examples)
	case schema.Pattern == "^[A-Z]{3}$":
		return "USD"
	default:
		return g.Word(8)
	}
}

// ID returns an id, a UUIDv7, of now.
func (g *Generator) ID() uuid.UUID {
	var id uuid.UUID
	ms := uint64(g.now.UnixMilli()) //nolint:gosec // after 1970
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	for i := 6; i < len(id); i++ {
		id[i] = byte(g.random.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}
