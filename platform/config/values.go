package config

import (
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const hidden = "[hidden]"

// Secret is a value that must not be shown: printing, logging or encoding it gives "[hidden]", or nothing when it is
// empty.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return strconv.Quote(s.String()) }

// MarshalText hides the value from encoders. It returns no error.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// DatabaseURL is "sqlite:PATH" or "postgres://…". Printing, logging or encoding it hides its password.
type DatabaseURL string

const sqlitePrefix = "sqlite:"

// Reveal returns the URL with its password.
func (u DatabaseURL) Reveal() string { return string(u) }

// SQLite returns the path of the database file, and false for PostgreSQL.
func (u DatabaseURL) SQLite() (path string, ok bool) {
	return strings.CutPrefix(string(u), sqlitePrefix)
}

// String returns the URL without its password.
func (u DatabaseURL) String() string {
	if _, ok := u.SQLite(); ok || u == "" {
		return string(u)
	}
	parsed, err := url.Parse(string(u))
	if err != nil || parsed.Scheme == "" || parsed.Opaque != "" {
		return hidden // nobody knows which part of it is the password
	}
	query := parsed.Query()
	for name := range query {
		if strings.Contains(strings.ToLower(name), "password") {
			query.Set(name, "xxxxx")
			parsed.RawQuery = query.Encode()
		}
	}
	return parsed.Redacted()
}

// GoString hides the password from %#v.
func (u DatabaseURL) GoString() string { return strconv.Quote(u.String()) }

// MarshalText hides the password from encoders. It returns no error.
func (u DatabaseURL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// valid refuses, beside what it cannot read, what would silently mean something else: sqlite://data/x.db is the path
// /data/x.db to some programs, and every connection to :memory: has a database of its own.
func (u DatabaseURL) valid() bool {
	if path, ok := u.SQLite(); ok {
		return !strings.HasPrefix(path, "//") && !strings.ContainsAny(path, "?#") && path != ":memory:"
	}
	parsed, err := url.Parse(string(u))
	if err != nil || parsed.Scheme != "postgres" && parsed.Scheme != "postgresql" {
		return false
	}
	return strings.Trim(parsed.Path, "/") != "" || parsed.Query().Get("dbname") != ""
}

// Size is a number of bytes.
type Size int64

var sizeUnits = []struct {
	name  string
	bytes Size
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// ParseSize reads a whole number and its unit, B, KiB, MiB or GiB: "64KiB". Errors: the text is anything else, or more
// than an int64 holds.
func ParseSize(text string) (Size, error) {
	for _, unit := range sizeUnits {
		digits, ok := strings.CutSuffix(text, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSpace(digits), 10, 63)
		if err != nil || Size(n) > math.MaxInt64/unit.bytes {
			return 0, fmt.Errorf("%q is not a size", text)
		}
		return Size(n) * unit.bytes, nil
	}
	return 0, fmt.Errorf("%q has no unit", text)
}

// String returns the size in the largest unit that leaves a whole number; ParseSize reads it.
func (s Size) String() string {
	for _, unit := range sizeUnits {
		if s%unit.bytes == 0 && s != 0 {
			return fmt.Sprintf("%d%s", s/unit.bytes, unit.name)
		}
	}
	return "0B"
}

// Prefixes are IP networks.
type Prefixes []netip.Prefix

// ParsePrefixes reads addresses and networks separated by commas; an address is the network of itself. Errors: an
// element is neither.
func ParsePrefixes(text string) (Prefixes, error) {
	var prefixes Prefixes
	for element := range strings.SplitSeq(text, ",") {
		element = strings.TrimSpace(element)
		if element == "" {
			continue
		}
		if addr, err := netip.ParseAddr(element); err == nil && addr.Zone() == "" {
			addr = addr.Unmap()
			prefixes = append(prefixes, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(element)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address nor a network", element)
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, nil
}

// String returns the networks separated by commas; ParsePrefixes reads it.
func (p Prefixes) String() string {
	texts := make([]string, len(p))
	for i, prefix := range p {
		texts[i] = prefix.String()
	}
	return strings.Join(texts, ", ")
}

// parseDuration reads a duration that states its unit, "0" included: a bare number would be nanoseconds to Go and
// seconds to everybody else.
func parseDuration(text string) (time.Duration, error) {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return 0, fmt.Errorf("%q has no unit", text)
	}
	return time.ParseDuration(text)
}

// durationText is the shortest text of d: 2m for 2m0s.
func durationText(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// SplitNames returns the names of a list that is separated by commas, without spaces around them; none for "".
func SplitNames(list string) []string {
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
