package malform

import (
	"fmt"
	"strings"
)

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
