package malform

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
