package config

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	_ "time/tzdata" // site.time_zone must be known on machines without a zone database, too

	"github.com/bojanz/currency"
	"github.com/go-playground/validator/v10"
)

// rules are the rules that the validator does not bring along: how each is told to people, and how it is checked.
// A nil check means that the validator knows it.
var rules = map[string]struct {
	text  string
	check func(string) bool
}{
	"addr":         {"host:port, such as 127.0.0.1:8080", isAddr},
	"database_url": {"sqlite:, sqlite:PATH or postgres://user:password@host:port/name", func(s string) bool { return DatabaseURL(s).valid() }},
	"site_url":     {"an http or https address without a path, such as https://auctions.example.org", isSiteURL},
	"currency":     {"an ISO 4217 code, such as USD", isCurrency},
	"timezone":     {"a name of the IANA zone database, such as Europe/Berlin", nil},
	"printable":    {"without control characters", isPrintable},
	"increments":   {"ebay-us-classic, ebay-uk, flat:N (N in site.currency, such as flat:0.50) or a name in listings.tables", incrementsPattern.MatchString},
	"table_name":   {"named in lower-case letters, digits and hyphens", tableNamePattern.MatchString},
	"mail_address": {"an e-mail address, such as gavel@example.org", isMailAddress},
	"host":         {"a host name or an IP address", isHost},
	"domains":      {"host names separated by commas, such as auctions.example.org", isDomains},
	"https_url":    {"an https address", isHTTPSURL},
	"nats_url":     {"nats://host:4222 or tls://host:4222 with or without name:password@ before the host, or several separated by commas", isNATSURL},
	"stream_name":  {"1 to 64 letters, digits, hyphens and underscores", streamPattern.MatchString},
	"decimal":      {"a decimal, such as \"0.50\"", decimalPattern.MatchString},
}

var (
	tableNamePattern  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)
	decimalPattern    = regexp.MustCompile(`^[0-9]{1,16}(\.[0-9]{1,4})?$`)
	streamPattern     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	hostPattern       = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
	incrementsPattern = regexp.MustCompile(`^([a-z][a-z0-9-]{0,62}|flat:[0-9]{1,16}(\.[0-9]{1,4})?)$`)
)

func isAddr(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// isLoopback reports whether only this machine reaches an address, host:port.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

func isSiteURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" &&
		u.User == nil && u.Path == "" && u.RawQuery == "" && u.Fragment == "" && !u.ForceQuery
}

func isMailAddress(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Name == "" && address.Address == text
}

func isHost(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil || len(text) <= 253 && hostPattern.MatchString(text)
}

// isDomains wants at least one name: who writes a comma means to speak TLS, and must not get plain HTTP.
func isDomains(text string) bool {
	names := SplitNames(text)
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool {
		_, err := netip.ParseAddr(name)
		return err == nil || !isHost(name)
	})
}

func isHTTPSURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && u.Fragment == ""
}

func isNATSURL(text string) bool {
	for part := range strings.SplitSeq(text, ",") {
		u, err := url.Parse(strings.TrimSpace(part))
		if err != nil || u.Scheme != "nats" && u.Scheme != "tls" || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
			return false
		}
	}
	return true
}

// isCurrency knows the empty code to be none; the library lets it pass.
func isCurrency(text string) bool { return text != "" && currency.IsValid(text) }

func isPrintable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(field reflect.StructField) string { return field.Tag.Get("koanf") })
	for name, rule := range rules {
		if rule.check == nil {
			continue
		}
		check := func(level validator.FieldLevel) bool { return rule.check(level.Field().String()) }
		if err := v.RegisterValidation(name, check); err != nil {
			panic(err) // only an empty name or a nil function, both constants here
		}
	}
	return v
}

// describe says what the values of k may be, from its type and rule, so that documentation, errors and check agree.
func describe(k Key) string {
	var least, most, oneOf, named string
	var empty bool
	rule, _, _ := strings.Cut(k.rule, "dive")
	for tag := range strings.SplitSeq(rule, ",") {
		name, param, _ := strings.Cut(tag, "=")
		switch name {
		case "min":
			least = bound(k.typ, param)
		case "max":
			most = bound(k.typ, param)
		case "oneof":
			oneOf = enumerate(strings.Fields(param))
		case "omitempty":
			empty = true
		default:
			if text := rules[name].text; text != "" {
				named = text
			}
		}
	}
	text := oneOf
	switch {
	case oneOf != "":
	case k.typ == durationType:
		text = fmt.Sprintf("a duration with its unit (ms, s, m or h), %s to %s", least, most)
	case k.typ == sizeType:
		text = fmt.Sprintf("a size with its unit (B, KiB, MiB or GiB), %s to %s", least, most)
	case k.typ == prefixesType:
		text = "IP addresses or networks, such as 10.0.0.0/8, separated by commas"
	case k.typ.Kind() == reflect.Int:
		text = fmt.Sprintf("a whole number, %s to %s", least, most)
	case k.structured():
		text = "tables, named in lower-case letters, digits and hyphens, of rows {from: \"0.01\", increment: \"0.05\"}"
	case least != "" && named != "":
		text = fmt.Sprintf("%s to %s characters, %s", least, most, named)
	case least != "":
		text = fmt.Sprintf("%s to %s characters", least, most)
	case named != "":
		text = named
	default:
		text = "a path"
	}
	if empty {
		text = "empty, or " + text
	}
	return text
}

func bound(typ reflect.Type, param string) string {
	if typ != sizeType {
		return param
	}
	n, err := strconv.ParseInt(param, 10, 64)
	if err != nil {
		panic(err) // a constant of a struct tag
	}
	return Size(n).String()
}

func enumerate(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
