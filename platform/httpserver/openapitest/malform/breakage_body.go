package malform

import (
	"strings"
	"unicode/utf16"
)

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
