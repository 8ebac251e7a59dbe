package canary

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
)

// Secret is something that must not be seen, in all the forms in which bytes may show it.
type Secret struct {
	// Name tells secrets apart in what is found.
	Name  string
	forms map[string][]byte // by what they are called
}

// shortest is the length in bytes from which a text is searched for: what is shorter occurs by chance. Binary numbers are
// as short as window.
const shortest = 8

// Text returns a secret that is a text, such as a password or a token. Where it is the base64 of bytes, as tokens are,
// the bytes are searched for, too. A hash of it is no form: that is how secrets are kept.
func Text(name, text string) Secret {
	s := Secret{Name: name, forms: map[string][]byte{}}
	s.written("text", text)
	for _, prefix := range []string{"", "gvl_"} {
		raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(text, prefix))
		if err == nil && len(raw) >= shortest && strings.HasPrefix(text, prefix) {
			s.bytes("bytes", raw)
		}
	}
	return s
}

// Amount returns a secret that is an amount of minor units of a currency with two digits. It must have 12 digits or more:
// shorter numbers occur by chance.
func Amount(name string, minor int64) Secret {
	if minor < 1e11 {
		panic(fmt.Sprintf("%s: %d is found by chance", name, minor))
	}
	s := Secret{Name: name, forms: map[string][]byte{}}
	s.written("minor units", strconv.FormatInt(minor, 10))
	s.written("major units", fmt.Sprintf("%d.%02d", minor/100, minor%100))
	s.add("whole major units", strconv.FormatInt(minor/100, 10))
	for _, mark := range []string{",", ".", "'", " ", "_", "\u00a0", "\u202f"} {
		s.add("major units, grouped by "+strconv.Quote(mark), grouped(minor/100, mark))
		s.add("minor units, grouped by "+strconv.Quote(mark), grouped(minor, mark))
	}
	major := float64(minor) / 100
	s.add("floating point", strconv.FormatFloat(major, 'g', -1, 64))
	s.add("floating point, minor", strconv.FormatFloat(float64(minor), 'e', -1, 64))
	s.add("hexadecimal number", strconv.FormatInt(minor, 16))
	s.bytes("big-endian", binary.BigEndian.AppendUint64(nil, uint64(minor))[2:]) // the first two bytes are zero
	s.bytes("little-endian", binary.LittleEndian.AppendUint64(nil, uint64(minor))[:6])
	s.add("varint", string(binary.AppendUvarint(nil, uint64(minor))))
	return s
}

// grouped writes a number with a mark before every third digit from the right.
func grouped(n int64, mark string) string {
	digits := strconv.FormatInt(n, 10)
	first := (len(digits)-1)%3 + 1
	text := digits[:first]
	for rest := digits[first:]; rest != ""; rest = rest[3:] {
		text += mark + rest[:3]
	}
	return text
}

// written adds a text, as it stands and as the formats that texts are put into write it.
func (s *Secret) written(name, text string) {
	s.bytes(name, []byte(text))
	s.add(name+", for an address", url.PathEscape(text))
	s.add(name+", for a query", url.QueryEscape(text))
	s.add(name+", for a page", html.EscapeString(text))
	s.add(name+", quoted", within(strconv.Quote(text)))
	s.add(name+", quoted in ASCII", within(strconv.QuoteToASCII(text)))
	safe, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text can always be written
	}
	s.add(name+", in JSON", within(string(safe)))
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		panic(err)
	}
	s.add(name+", in plain JSON", within(strings.TrimSuffix(plain.String(), "\n")))
}

// within takes the quotes away.
func within(quoted string) string { return quoted[1 : len(quoted)-1] }

// bytes adds bytes, and base64 and hexadecimal of them.
func (s *Secret) bytes(name string, content []byte) {
	s.add(name, string(content))
	s.add(name+", in hexadecimal", hex.EncodeToString(content))
	s.add(name+", in capital hexadecimal", strings.ToUpper(hex.EncodeToString(content)))
	for before := range 3 {
		at := fmt.Sprintf("%s, in base64 %d bytes after its beginning", name, before)
		s.add(at, aligned(base64.StdEncoding, content, before))
		s.add(at+" for addresses", aligned(base64.URLEncoding, content, before))
	}
}

// aligned returns those letters of the base64 of some bytes and the content that the content alone decides.
func aligned(encoding *base64.Encoding, content []byte, before int) string {
	whole := encoding.EncodeToString(append(make([]byte, before), content...))
	return whole[(before*8+5)/6 : (before+len(content))*8/6]
}

// add adds one form, once.
func (s *Secret) add(name, form string) {
	if len(form) < shortest && name != "big-endian" && name != "little-endian" && name != "varint" {
		return
	}
	for _, known := range s.forms {
		if string(known) == form {
			return
		}
	}
	s.forms[name] = []byte(form)
}
