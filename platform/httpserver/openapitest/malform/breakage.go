package malform

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf16"
)

// breakage is one way to break a request. It reports whether there was something to break.
type breakage struct {
	weight int
	name   string
	breaks func(*Generator, *draft) bool
}

// breakages are all ways. What reaches far into the program weighs more, and most what few operations have to break.
var breakages = []breakage{
	{3, "wrong type", wrongType},
	{2, "null", nulled},
	{2, "missing key", missingKey},
	{2, "extra key", extraKey},
	{2, "key twice", keyTwice},
	{2, "key in another case", keyInAnotherCase},
	{6, "odd number", oddNumber},
	{4, "odd text", oddText},
	{12, "odd amount", oddAmount},
	{8, "odd currency", oddCurrency},
	{8, "odd date", oddDate},
	{3, "odd id in the body", oddIDInBody},
	{6, "long list", longList},
	{2, "deep nesting", deepNesting},
	{2, "another body", anotherBody},
	{3, "damaged body", damagedBody},
	{2, "truncated body", truncatedBody},
	{1, "large body", largeBody},
	{1, "body where none is asked for", strayBody},
	{2, "media type", wrongMediaType},
	{1, "content encoding", contentEncoding},
	{1, "accept", oddAccept},
	{3, "odd id in the path", oddIDInPath},
	{1, "unknown id in the path", unknownIDInPath},
	{1, "odd path", oddPath},
	{8, "odd query value", oddQueryValue},
	{3, "parameter twice", parameterTwice},
	{1, "unknown parameter", unknownParameter},
	{1, "damaged query", damagedQuery},
	{1, "If-Match", oddCondition},
	{3, "Idempotency-Key", oddKey},
	{1, "Authorization", oddAuthorization},
	{1, "Cookie", oddCookie},
	{1, "odd header", oddHeader},
	{1, "method", oddMethod},
	{2, "length", oddLength},
}

// texts are what nobody should write where a text is expected, as JSON.
var texts = []string{
	`""`, `" "`, `"\t\n"`, `"\u0000"`, `"a\u0000b"`, `"\ud800"`, `"\udc00\ud800"`, "\"\xff\xfe\"", "\"\xc3\x28\"", "\"\xed\xa0\x80\"",
	`"\u202e\u2066abc"`, `"é́́́"`, `"👩‍👩‍👧‍👦"`, `"` + "\u2028" + `"`, `"\u0085\u000b\u001f\u007f"`, `"%s%n%x%d"`, `"{{.}}${x}"`,
	`"<script>alert(1)</script>"`, `"'; --"`, `"\\"`, `"../../etc/passwd"`, `"true"`, `"null"`, `"0"`, `"ＡＢＣ"`, `"İıßŉ"`, `"` + "\ufeff" + `x"`,
	`"\uffff"`, `"` + "\U0010ffff" + `"`, `"a@b"`, `"@"`, `"a b@example.org"`, `"\"x\r\nBcc: y\"@example.org"`, `"root@EXAMPLE.org"`,
	`"xn--80ak6aa92e.com"`, `"a@[127.0.0.1]"`, `"%00"`, `"*"`, `"\u003c"`,
}

// amounts are at the borders of what an amount is, and beyond.
var amounts = []string{
	"0", "0.00", "-0", "-1", "-0.01", "0.01", "0.001", "0.010", "1", "1.", ".5", ".", "", " 1", "1 ", "01", "+1", "1e3", "1E400", "0x10",
	"1,000.00", "1'000", "1_000", "NaN", "Infinity", "-Infinity", "١٢", "１２", "9999999.99", "99999999999999.99", "92233720368547758.07",
	"92233720368547758.08", "-92233720368547758.08", "184467440737095516.16", "999999999999999999999999999999", "1.00000000000000000000000",
	"0.0000000000000000000000001", "1\u0000", "$1", "1.2.3", "--1", "1000000000000", "999999999999.99", "1000000000000.00", "1000000000000.01",
}

var currencies = []string{"", "usd", "Usd", "US", "USDX", "XXX", "JPY", "EUR", "BHD", "CLF", "XTS", "123", "U$D", "USD ", "ÜSD", "ＵＳＤ", "\u0000\u0000\u0000"}

// instants are at the borders of what a date is, and beyond.
var instants = []string{
	"", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1600-01-01T00:00:00Z", "1677-09-21T00:12:43Z", "1969-12-31T23:59:59.999999Z",
	"1970-01-01T00:00:00Z", "2262-04-11T23:47:16.854775807Z", "2262-04-11T23:47:17Z", "9999-12-31T23:59:59.999999999Z", "10000-01-01T00:00:00Z",
	"292277026596-12-04T15:30:07Z", "294247-01-10T04:00:54.775807Z", "-0001-01-01T00:00:00Z", "2026-02-29T12:00:00Z", "2028-02-29T12:00:00Z", "2026-02-30T12:00:00Z",
	"2026-13-01T00:00:00Z", "2026-00-00T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T23:59:60Z", "2026-03-01T12:00:00+14:00", "2026-03-01T12:00:00-24:00",
	"2026-03-01T12:00:00+99:99", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-03-01", "2026-03-01T12:00Z", "2026-03-01 12:00:00Z",
	"2026-03-01t12:00:00z", "2026-03-01T12:00:00", "2026-03-01T12:00:00,5Z", "2026-03-01T1:00:00Z", "2026-03-01T12:00:00.1234567890123Z", "1772366400", "now", "infinity", "-infinity", "epoch",
	"Sun, 01 Mar 2026 12:00:00 GMT", "2026-W09-7", "２０２６-03-01T12:00:00Z",
}

// numbers are what JSON calls numbers, and some that it does not.
var numbers = []string{
	"0", "-0", "-1", "1", "0.5", "1e0", "1e-400", "1e308", "1e309", "1E+400", "-1e309", "9223372036854775807", "9223372036854775808",
	"-9223372036854775809", "18446744073709551616", "9007199254740993", "1000000000", "1000000001", "999999999.9999999999", "3599", "3600", "2592000", "2592001",
	"0.000001", "0.0000001", "123456789012345678901234567890", "1.0", "NaN", "Infinity", "-Infinity", "01", "+1", "0x1F", "1.", ".5", "1e", "--1", "1_000",
	"9223372036.854775807", "9223372036.854775808",
}

// ids are what nobody should write where an id is expected, not escaped.
var ids = []string{
	"", "0", "-1", "null", "undefined", "me", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
	"11111111-1111-1111-8111-111111111111", "{01a1fde6-015f-7d3e-93b0-4537d20b4682}", "urn:uuid:01a1fde6-015f-7d3e-93b0-4537d20b4682",
	"01A1FDE6-015F-7D3E-93B0-4537D20B4682", "01a1fde6015f7d3e93b04537d20b4682", "01a1fde6-015f-7d3e-93b0-4537d20b468", "01a1fde6-015f-7d3e-93b0-4537d20b4682 ",
	"01a1fde6-015f-7d3e-93b0-4537d20b468z", "01a1fde6x015f-7d3e-93b0-4537d20b4682", "' OR 1=1 --", "１２３", "%", "*", "?",
}

// escaped are what nobody should write into a path, as it is sent.
var escaped = []string{
	"%2F", "a%2Fb", "..%2F..%2Fetc", "%2e%2e", "%2E", "..", ".", "%00", "%ff", "%C3%28", "%ED%A0%80", "%zz", "%", "%2", "%25", "%252F", "%20", "+", ";", "a;b=c", "%3F", "%23",
	"%E2%80%AE", "%F0%9F%91%A9", "é", "\xff", "a\\b", "%5C..%5C", "~", "'", "\"", "<x>", "{id}", "%7Bid%7D", "$(id)", "by-handle", "//", "%0d%0aX-Injected:%201", "@", ":",
}

// pick replaces a place that suits by a text that stands for a value.
func (g *Generator) pick(d *draft, suits func(*node) bool) *node {
	if d.body == nil {
		return nil
	}
	found := d.body.find(suits)
	if len(found) == 0 {
		return nil
	}
	return Pick(g, found)
}

// replace makes a place something else. It reports whether there is one.
func replace(at *node, by *node) bool {
	if at == nil {
		return false
	}
	*at = *by
	return true
}

func anywhere(*node) bool { return true }

func isObject(n *node) bool { return n.object }

func hasMembers(n *node) bool { return len(n.members) > 0 }

func wrongType(g *Generator, d *draft) bool {
	at := g.pick(d, anywhere)
	return replace(at, literal(Pick(g, []string{`"x"`, `0`, `1.5`, `true`, `false`, `[]`, `{}`, `[[]]`, `[null]`, `{"a":1}`, `[1,"2",{}]`})))
}

func nulled(g *Generator, d *draft) bool { return replace(g.pick(d, anywhere), literal("null")) }

func missingKey(g *Generator, d *draft) bool {
	at := g.pick(d, hasMembers)
	if at == nil {
		return false
	}
	i := g.random.IntN(len(at.members))
	at.members = append(at.members[:i:i], at.members[i+1:]...)
	return true
}

func extraKey(g *Generator, d *draft) bool {
	at := g.pick(d, isObject)
	if at == nil {
		return false
	}
	key := Pick(g, []string{
		`"extra"`, `""`, `"__proto__"`, `"$schema"`, `"$ref"`, `"seller_id"`, `"roles"`, `"id"`, `"status"`, `"a.b"`, `"\u0000"`, "\"\xff\"", `"constructor"`,
		`"` + strings.Repeat("k", 5000) + `"`,
	})
	at.members = append(at.members, member{key: key, value: literal(Pick(g, []string{`1`, `null`, `"x"`, `{}`, `[]`, `"http://example.org/x.json"`}))})
	return true
}

func keyTwice(g *Generator, d *draft) bool {
	at := g.pick(d, hasMembers)
	if at == nil {
		return false
	}
	twin := Pick(g, at.members)
	if g.Chance(2) {
		twin.value = literal("null")
	}
	at.members = append(at.members, twin)
	return true
}

// keyInAnotherCase writes a key as some readers of JSON take it for the same and some do not, in its place or beside it.
func keyInAnotherCase(g *Generator, d *draft) bool {
	at := g.pick(d, hasMembers)
	if at == nil {
		return false
	}
	i := g.random.IntN(len(at.members))
	other := member{key: Pick(g, []string{strings.ToUpper(at.members[i].key), strings.ReplaceAll(at.members[i].key, "s", "ſ"), strings.ReplaceAll(at.members[i].key, "_", "")}), value: at.members[i].value}
	if g.Chance(2) {
		at.members[i] = other
	} else {
		at.members = append(at.members, other)
	}
	return true
}

func oddNumber(g *Generator, d *draft) bool {
	suits := (*node).isNumber
	if g.Chance(4) {
		suits = anywhere
	}
	return replace(g.pick(d, suits), literal(Pick(g, numbers)))
}

func oddText(g *Generator, d *draft) bool {
	odd := Pick(g, texts)
	if g.Chance(6) {
		odd = `"` + strings.Repeat(Pick(g, []string{"x", "é", "👩", "a ", `\n`}), Pick(g, []int{61, 81, 257, 1001, 2001, 20001, 100000})) + `"`
	}
	return replace(g.pick(d, (*node).isText), literal(odd))
}

// money finds an amount and its currency.
func money(n *node) bool { return n.get("amount") != nil && n.get("currency") != nil }

func oddAmount(g *Generator, d *draft) bool {
	at := g.pick(d, money)
	return at != nil && replace(at.get("amount"), scalar(Pick(g, amounts)))
}

func oddCurrency(g *Generator, d *draft) bool {
	at := g.pick(d, func(n *node) bool { return n.get("currency") != nil })
	return at != nil && replace(at.get("currency"), scalar(Pick(g, currencies)))
}

// oddDate replaces a date, or another text once in a while.
func oddDate(g *Generator, d *draft) bool {
	at := g.pick(d, func(n *node) bool { return n.get("starts_at") != nil || n.get("expires_at") != nil })
	if at == nil {
		return g.Chance(4) && replace(g.pick(d, (*node).isText), scalar(Pick(g, instants)))
	}
	for _, name := range []string{"starts_at", "expires_at"} {
		if value := at.get(name); value != nil {
			*value = *scalar(Pick(g, instants))
		}
	}
	return true
}

func oddIDInBody(g *Generator, d *draft) bool {
	return replace(g.pick(d, (*node).isText), scalar(Pick(g, ids)))
}

func longList(g *Generator, d *draft) bool {
	at := g.pick(d, func(n *node) bool { return n.array })
	if at == nil {
		return false
	}
	item := Pick(g, []string{`"x"`, `null`, `{}`, `""`, `"outbid"`, `1`})
	at.items = nil
	for range Pick(g, []int{2, 100, 101, 1001, 50000}) {
		at.items = append(at.items, literal(item))
	}
	return true
}

func deepNesting(g *Generator, d *draft) bool {
	depth := Pick(g, []int{50, 1000, 9999, 10001, 100000})
	return replace(g.pick(d, anywhere), literal(Pick(g, []string{
		strings.Repeat("[", depth) + strings.Repeat("]", depth),
		strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth),
		strings.Repeat("[", depth),
	})))
}

func anotherBody(g *Generator, d *draft) bool {
	if d.body == nil {
		return false
	}
	d.flatten()
	text := string(d.raw)
	d.raw = []byte(Pick(g, []string{
		"", " ", "null", "[]", `"x"`, "0", "{}", "true", "{", "}", "[", "]", `{"a"}`, `{a:1}`, `{'a':1}`, "\x00", "\xff\xfe", "NaN", "undefined",
		"\ufeff" + text, text + text, text + "x", text + ",", "[" + text + "]", "//\n" + text, "/**/" + text, "a=1&b=2", "<a/>", "--x\r\n\r\n--x--", " \n\t" + text + "\n",
		string(utf16BE(text)),
	}))
	return true
}

func utf16BE(text string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return b
}

// damagedBody changes, removes or doubles some bytes.
func damagedBody(g *Generator, d *draft) bool {
	if len(d.text()) == 0 || d.sealed {
		return false
	}
	d.flatten()
	for range 1 + g.random.IntN(4) {
		if len(d.raw) == 0 {
			return true
		}
		i := g.random.IntN(len(d.raw))
		switch g.random.IntN(3) {
		case 0:
			d.raw[i] = byte(g.random.Uint32())
		case 1:
			d.raw = append(d.raw[:i:i], d.raw[i+1:]...)
		default:
			d.raw = append(d.raw[:i+1:i+1], d.raw[i:]...)
		}
	}
	return true
}

func truncatedBody(g *Generator, d *draft) bool {
	if len(d.text()) == 0 || d.sealed {
		return false
	}
	d.flatten()
	d.raw = d.raw[:g.random.IntN(len(d.raw))]
	return true
}

// largeBody is larger than a server should read. It is rare, because it is slow.
func largeBody(g *Generator, d *draft) bool {
	if d.body == nil || !g.Chance(8) {
		return false
	}
	if at := g.pick(d, (*node).isText); at != nil {
		*at = *literal(`"` + strings.Repeat("x", Pick(g, []int{1 << 20, 3 << 20})) + `"`)
		return true
	}
	return false
}

func strayBody(g *Generator, d *draft) bool {
	if d.body != nil || len(d.raw) > 0 {
		return false
	}
	d.raw = []byte(Pick(g, []string{"{}", "null", "x", `{"a":1}`, strings.Repeat("x", 100000)}))
	if g.Chance(2) {
		d.request.set("Content-Type", "application/json")
	}
	return true
}

func wrongMediaType(g *Generator, d *draft) bool {
	if d.body == nil {
		return false
	}
	d.request.remove("Content-Type")
	kind := Pick(g, []string{
		"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "application/json; charset=utf-16",
		"application/json;;", "application/json; charset=", "application/vnd.api+json", "application/cbor", "application/merge-patch+json", "application/xml", "*/*", "json",
		"application/json, text/plain", "APPLICATION/JSON", "application/", "/", ";", strings.Repeat("a", 3000) + "/b", "application/problem+json", "text/json",
	})
	if kind != "" {
		d.request.add("Content-Type", kind)
	}
	return true
}

func contentEncoding(g *Generator, d *draft) bool {
	if d.body == nil {
		return false
	}
	d.request.set("Content-Encoding", Pick(g, []string{"gzip", "deflate", "br", "zstd", "identity", "x", "gzip, gzip"}))
	return true
}

func oddAccept(g *Generator, d *draft) bool {
	d.request.set("Accept", Pick(g, []string{
		"application/cbor", "text/html", "image/*", "json", "a/b;c,x", "a/b;,x", ",;", "*/*;q=0", "application/json;q=0", ";", ",", "application/problem+json", "application/json;q=x", strings.Repeat("a/b,", 2000),
	}))
	return true
}

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

func oddCondition(g *Generator, d *draft) bool {
	name := "If-Match"
	if d.operation.Method == "GET" {
		name = "If-None-Match"
	}
	d.request.set(name, Pick(g, []string{
		"*", "", `"x"`, `W/"x"`, "x", `"`, `"a","b"`, `"a", *`, strings.Repeat(`"a",`, 2000), "\xff", `"é"`, `,`, `W/`, `"\"`, "0", "*,*",
	}))
	if g.Chance(3) {
		d.request.add(name, `"y"`)
	}
	return true
}

func oddKey(g *Generator, d *draft) bool {
	if d.operation.described.Parameters.GetByInAndName("header", "Idempotency-Key") == nil {
		return false
	}
	d.request.set("Idempotency-Key", Pick(g, []string{
		"", " ", "x", "same", "same", "same", strings.Repeat("k", 255), strings.Repeat("k", 256), strings.Repeat("k", 5000), "é", "\xff", "a\tb", "00000000-0000-0000-0000-000000000000", "'", "%00", "~",
	}))
	if g.Chance(4) {
		d.request.add("Idempotency-Key", "other")
	}
	return true
}

// oddAuthorization is rare: such a request does not get far.
func oddAuthorization(g *Generator, d *draft) bool {
	if !g.Chance(2) {
		return false
	}
	d.request.Unauthenticated = true
	if g.Chance(5) {
		d.request.remove("Authorization")
		d.request.remove("Cookie")
		return true
	}
	d.request.set("Authorization", Pick(g, []string{
		"", "Bearer", "Bearer ", "Bearer x", "bearer gvl_" + strings.Repeat("A", 43), "Bearer gvl_", "Bearer gvl_" + strings.Repeat("=", 43), "Basic dXNlcjpwYXNz", "Basic", "Digest x",
		"Bearer a b", "Bearer a,b", "Bearer\tx", "Bearer " + strings.Repeat("x", 10000), "Bearer \xff\xfe", "Bearer é", "null", "Bearer null", "Bearer eyJhbGciOiJub25lIn0.e30.",
	}))
	if g.Chance(5) {
		d.request.add("Authorization", "Bearer y")
	}
	return true
}

// oddCookie adds cookies beside what the caller shows, or in front of it.
func oddCookie(g *Generator, d *draft) bool {
	odd := Pick(g, []string{
		"gavel=", "gavel=x", "gavel=\xff", "gavel=" + strings.Repeat("A", 43), "gavel=" + strings.Repeat("A", 8000), "=", ";", ";;;", "gavel", "a=b; gavel=x", "gavel=x; gavel=y", "__Host-gavel=x",
		"gavel-device=x", "gavel-device=" + strings.Repeat("A", 43), "gavel-device=\"", "gavel=\"x\"", strings.Repeat("a=b; ", 1000), "GAVEL=x", "gavel-setup=x",
	})
	if strings.Contains(odd, "gavel=") {
		d.request.Unauthenticated = true
	}
	if g.Chance(2) {
		d.request.add("Cookie", odd)
	} else {
		d.request.Header = append([]Field{{"Cookie", odd}}, d.request.Header...)
	}
	return true
}

func oddHeader(g *Generator, d *draft) bool {
	field := Pick(g, []Field{
		{"Range", "bytes=0-1"},
		{"Range", "bytes=-1"},
		{"Range", "x"},
		{"Expect", "100-continue"},
		{"Expect", "x"},
		{"X-Http-Method-Override", "DELETE"},
		{"X-Forwarded-For", "1.2.3.4"},
		{"X-Forwarded-For", "\xff,,;"},
		{"X-Forwarded-Proto", "https"},
		{"Forwarded", "for=\"[::1]\";proto=x"},
		{"X-Request-Id", "x"},
		{"X-Request-Id", strings.Repeat("x", 5000)},
		{"Origin", "null"},
		{"Origin", "http://["},
		{"Sec-Fetch-Site", "x"},
		{"Sec-Fetch-Site", "cross-site"},
		{"Host", "example.org"},
		{"Host", ""},
		{"Host", "[::1]:99999"},
		{"User-Agent", ""},
		{"User-Agent", "\xff\xfe"},
		{"User-Agent", strings.Repeat("x", 5000)},
		{"Accept-Language", "*;q=9"},
		{"Accept-Encoding", "x;q=0"},
		{"If-Modified-Since", "x"},
		{"If-Unmodified-Since", "Sun, 01 Mar 2026 12:00:00 GMT"},
		{"If-Range", "x"},
		{"Connection", "Upgrade"},
		{"Upgrade", "websocket"},
		{"Te", "trailers"},
		{"Last-Event-Id", "x"},
		{"Date", "x"},
		{"Prefer", "respond-async"},
		{"X\x7f", "x"},
		{"Content-Language", "\x01"},
		{"Priority", "u=9"},
		{"X-" + strings.Repeat("h", 70000), "x"},
	})
	d.request.set(field.Name, field.Value)
	return true
}

func oddMethod(g *Generator, d *draft) bool {
	if !g.Chance(3) { // few of these lead anywhere
		return false
	}
	d.request.Method = Pick(g, []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND", "X", "QUERY"})
	return true
}

// oddLength says something else of the body's length than it is.
func oddLength(g *Generator, d *draft) bool {
	if len(d.text()) == 0 || d.sealed {
		return false
	}
	d.flatten()
	d.sealed = true
	body := d.raw
	switch g.random.IntN(7) {
	case 0:
		d.request.set("Content-Length", fmt.Sprint(len(body)+1+g.random.IntN(1000)))
		d.request.Cut = true
	case 1:
		d.request.set("Content-Length", fmt.Sprint(g.random.IntN(len(body))))
	case 2:
		d.request.set("Content-Length", Pick(g, []string{"-1", "x", "", "1e3", "+5", "99999999999999999999", "0x10"}))
	case 3:
		d.request.set("Content-Length", fmt.Sprint(1<<40))
		d.request.Cut = true
	case 4: // in chunks, as it should be
		d.request.set("Transfer-Encoding", "chunked")
		half := len(body) / 2
		d.raw = fmt.Appendf(nil, "%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", max(half, 1), body[:max(half, 1)], len(body)-max(half, 1), body[max(half, 1):])
		if len(body) == 1 {
			d.raw = fmt.Appendf(nil, "1\r\n%s\r\n0\r\n\r\n", body)
		}
	case 5: // in chunks that say more than they must
		d.request.set("Transfer-Encoding", "chunked")
		d.raw = fmt.Appendf(nil, "%x;a=b\r\n%s\r\n0\r\nX: y\r\n\r\n", len(body), body)
	default: // in chunks that break off
		d.request.set("Transfer-Encoding", "chunked")
		d.raw = fmt.Appendf(nil, Pick(g, []string{"%x\r\n%s", "zz\r\n%[2]s\r\n0\r\n\r\n", "-%x\r\n%s\r\n", "ffffffffffffffff1\r\n%[2]s"}), len(body), body)
		d.request.Cut = true
	}
	return true
}
