package malform

import (
	"encoding/base64"
	"strings"
)

// parameter finds the part of the path that varies.
func (d *draft) parameter() *segment {
	for i := range d.path {
		if d.path[i].parameter {
			return &d.path[i]
		}
	}
	return nil
}

func oddIDInPath(g *Generator, d *draft) bool {
	at := d.parameter()
	if at == nil {
		return false
	}
	switch g.random.IntN(8) {
	case 0, 1, 2:
		at.text = Pick(g, escaped)
	case 3:
		at.text += Pick(g, escaped)
	case 4:
		at.text = strings.ToUpper(at.text)
	case 5:
		at.text = strings.Repeat(Pick(g, []string{"x", "%00", "é", "%2F", "0"}), Pick(g, []int{37, 256, 5000}))
	default:
		at.text = strings.NewReplacer(" ", "%20", "%", "%25", "?", "%3F", "{", "%7B", "}", "%7D").Replace(Pick(g, ids))
	}
	return true
}

func unknownIDInPath(g *Generator, d *draft) bool {
	at := d.parameter()
	if at == nil || !g.Chance(2) {
		return false
	}
	at.text = g.ID().String()
	return true
}

func oddPath(g *Generator, d *draft) bool {
	if !g.Chance(3) { // few of these lead anywhere
		return false
	}
	i := g.random.IntN(len(d.path))
	switch g.random.IntN(7) {
	case 0:
		d.path = append(d.path, segment{})
	case 1:
		d.path = append(d.path[:i:i], append([]segment{{}}, d.path[i:]...)...)
	case 2:
		d.path = append(d.path[:i:i], d.path[i+1:]...)
	case 3:
		d.path[i].text = strings.ToUpper(d.path[i].text)
	case 4:
		d.path = append(d.path, segment{text: Pick(g, escaped)})
	case 5:
		d.path = append(d.path[:i:i], append([]segment{{text: Pick(g, escaped)}}, d.path[i:]...)...)
	default:
		d.path = append(d.path[:i:i], append([]segment{{text: "."}, {text: "x"}, {text: ".."}}, d.path[i:]...)...)
	}
	return true
}

// queryValues are what nobody should write into a query, escaped.
var queryValues = []string{
	"", "0", "-1", "101", "1000000000", "99999999999999999999", "1.5", "abc", "null", "true,false", "%00", "a%00b", "%ff", "%C3%28", "%F0%9F%91%A9", "%20", "%0d%0a", "a%2Cb", ",", ",,,",
	"2026-03-01", "2026-03-01T12:00:00%2B00:00", "2026-03-01T12:00:00+00:00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "292277026596-12-04T15:30:07Z",
	"00000000-0000-0000-0000-000000000000", "%25", "_", "%25_%5C", "%22", "'", "%27%27", "(", "*", "a*", "%26%7C!", "NEAR(a,b)", "-a", "%3A%2A", "%5B", "USD", "usd", "open", "OPEN", "ending",
	"1e2", "0x10", "%2B1", "1_0", "TRUE", "1", "yes", "id", "%EF%BC%91", "%E2%80%AE", "%CC%81", "a%CC%81",
}

// queried returns the names of the operation's query parameters.
func (d *draft) queried() []string {
	var names []string
	for _, ref := range d.operation.described.Parameters {
		if ref.Value.In == "query" {
			names = append(names, ref.Value.Name)
		}
	}
	return names
}

func (g *Generator) queryValue(name string) string {
	switch {
	case name == "cursor" && g.Chance(2):
		return Pick(g, []string{
			"x", "%00", strings.Repeat("A", 5000), "====", base64.RawURLEncoding.EncodeToString([]byte(g.Word(12))), base64.RawURLEncoding.EncodeToString([]byte(`{"a":[1,null]}`)),
			base64.RawURLEncoding.EncodeToString([]byte(`["2026-03-01T12:00:00Z","x"]`)), base64.StdEncoding.EncodeToString([]byte{0, 255, 254, 1}), "e30", "W10", "bnVsbA",
		})
	case g.Chance(12):
		return strings.Repeat(Pick(g, []string{"a", "%C3%A9", "a+", "1"}), Pick(g, []int{500, 501, 5000}))
	default:
		return Pick(g, queryValues)
	}
}

func oddQueryValue(g *Generator, d *draft) bool {
	names := d.queried()
	if len(names) == 0 {
		return false
	}
	name := Pick(g, names)
	for i := range d.query {
		if d.query[i].Name != name {
			continue
		}
		if value := d.query[i].Value; len(value) > 1 && g.Chance(2) { // nearly right
			at := g.random.IntN(len(value) - 1)
			d.query[i].Value = value[:at] + Pick(g, []string{"", "A", "_", "0"}) + value[at+1:]
		} else {
			d.query[i].Value = g.queryValue(name)
		}
		return true
	}
	d.query = append(d.query, Field{Name: name, Value: g.queryValue(name)})
	return true
}

func parameterTwice(g *Generator, d *draft) bool {
	names := d.queried()
	if len(names) == 0 {
		return false
	}
	name := Pick(g, names)
	for range Pick(g, []int{2, 2, 2, 50, 1000}) {
		d.query = append(d.query, Field{Name: name, Value: g.queryValue("")})
	}
	return true
}

func unknownParameter(g *Generator, d *draft) bool {
	name := Pick(g, []string{"x", "", "%00", "id", "offset", "fields", "_method", "limit%5B%5D", "callback", "access_token", strings.Repeat("p", 3000)})
	d.query = append(d.query, Field{Name: name, Value: Pick(g, []string{"1", "", noValue, "%ff", "DELETE"})})
	return true
}

func damagedQuery(g *Generator, d *draft) bool {
	if !g.Chance(2) {
		return false
	}
	d.query = append(d.query, Field{Name: Pick(g, []string{"%", "%zz", "a;b", "=", "&&", "?", "%u1234", "a%", "limit=1;limit=2"}), Value: Pick(g, []string{"%", "%zz", noValue, "=", ";"})})
	return true
}
