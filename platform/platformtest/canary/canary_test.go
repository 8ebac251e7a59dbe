package canary_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/canary"
)

const (
	text  = `over the "harbour" & <wall> é 81730264`
	minor = 71394826153_47
)

// token is the base64 of 32 bytes, as sessions are.
var token = base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xfb, 0x11, 0xe9, 0x7c}, 8))

func TestEveryFormIsFound(t *testing.T) {
	t.Parallel()
	asJSON, err := json.Marshal(text)
	require.NoError(t, err)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	require.NoError(t, err)
	forms := map[string]string{
		"text":                         text,
		"text in JSON":                 string(asJSON),
		"text in an address":           url.PathEscape(text),
		"text in a query":              url.QueryEscape(text),
		"text in a page":               html.EscapeString(text),
		"text that Go quotes":          fmt.Sprintf("%q", text),
		"text in hexadecimal":          hex.EncodeToString([]byte(text)),
		"text in capitals":             fmt.Sprintf("%X", text),
		"a token":                      token,
		"a token's bytes":              string(raw),
		"a token's bytes in base64":    base64.StdEncoding.EncodeToString(raw),
		"an API token's bytes":         hex.EncodeToString(raw),
		"minor units":                  "7139482615347",
		"major units":                  "71394826153.47",
		"major units with commas":      "71,394,826,153.47",
		"major units with points":      "71.394.826.153,47",
		"major units with thin spaces": "71\u202f394\u202f826\u202f153,47",
		"a floating point number":      fmt.Sprint(float64(minor) / 100),
		"minor units in base64":        base64.StdEncoding.EncodeToString([]byte("7139482615347")),
		"major units in base64":        base64.URLEncoding.EncodeToString([]byte("71394826153.47")),
		"an argument in a stack":       fmt.Sprintf("domain.Bid(%#x)", int64(minor)),
		"eight bytes":                  string(binary.BigEndian.AppendUint64(nil, minor)),
		"eight bytes, turned round":    string(binary.LittleEndian.AppendUint64(nil, minor)),
		"a varint":                     string(binary.AppendUvarint(nil, minor)),
	}
	for i := range 6 {
		forms[fmt.Sprintf("text in base64 after %d bytes", i)] = base64.StdEncoding.EncodeToString([]byte("abcdef"[:i] + text + "more"))
		forms[fmt.Sprintf("minor units in base64 after %d bytes", i)] = base64.URLEncoding.EncodeToString([]byte("abcdef"[:i] + "7139482615347" + "0x"))
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := watching()
			s.Capture("log", "a line", []byte("before "+form+" after"))
			report, err := s.Scan()
			require.NoError(t, err)
			require.NotEmpty(t, report.Leaks)
		})
	}
}

func watching() *canary.Scanner {
	s := canary.NewScanner()
	s.Watch(canary.Text("password", text), canary.Text("session", token), canary.Text("API token", "gvl_"+token),
		canary.Amount("maximum", minor))
	return s
}

func TestWhatIsCompressedIsUnpacked(t *testing.T) {
	t.Parallel()
	var stream, archive bytes.Buffer
	zipped := gzip.NewWriter(&stream)
	_, err := zipped.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, zipped.Close())
	files := zip.NewWriter(&archive)
	file, err := files.Create("bids.json")
	require.NoError(t, err)
	_, err = file.Write(bytes.Repeat([]byte("7139482615347 "), 3))
	require.NoError(t, err)
	require.NoError(t, files.Close())

	s := watching()
	s.Capture("profiles", "heap", stream.Bytes())
	s.Capture("answers", "the export", append([]byte("HTTP/1.1 200 OK\r\n\r\n"), archive.Bytes()...))
	report, err := s.Scan()
	require.NoError(t, err)
	require.Len(t, report.Leaks, 2)
	require.Equal(t, "heap", report.Leaks[1].Place)
	require.Equal(t, "the export", report.Leaks[0].Place)
}

func TestNothingIsFoundWhereNothingIs(t *testing.T) {
	t.Parallel()
	s := watching()
	s.Capture("log", "a line", []byte("7139482625347 71394826152.47 harbour "+token[:20]))
	report, err := s.Scan()
	require.NoError(t, err)
	require.Empty(t, report.Leaks)
	require.Equal(t, 4, report.Secrets)
	require.Equal(t, map[string]int{"log": 57}, report.Channels)
}

func TestWhoeverItBelongsToMaySeeASecret(t *testing.T) {
	t.Parallel()
	s := watching()
	s.Expect("maximum", "answers", "to the bidder")
	s.Permit("maximum", "tables", "")
	s.Capture("answers", "to the bidder", []byte("71394826153.47"))
	s.Capture("tables", "listings", []byte("7139482615347"))
	report, err := s.Scan()
	require.NoError(t, err)
	require.Empty(t, report.Leaks)
	require.Empty(t, report.Missing)

	s.Capture("answers", "to the seller", []byte("71394826153.47"))
	s.Expect("password", "answers", "to the bidder")
	report, err = s.Scan()
	require.NoError(t, err)
	require.Len(t, report.Leaks, 1)
	require.Equal(t, "to the seller", report.Leaks[0].Place)
	require.Equal(t, []canary.Sight{{Secret: "password", Channel: "answers", Place: "to the bidder"}}, report.Missing)
}

func TestARuleMayChooseAmongPlaces(t *testing.T) {
	t.Parallel()
	s := watching()
	s.PermitWhere("maximum", "answers", func(place string) bool { return strings.HasSuffix(place, " to the bidder") })
	s.Capture("answers", "bids to the bidder", []byte("71394826153.47"))
	s.Capture("answers", "bids to the seller", []byte("71394826153.47"))
	s.Capture("letters", "a letter to the bidder", []byte("71394826153.47"))
	report, err := s.Scan()
	require.NoError(t, err)
	require.Len(t, report.Leaks, 2)

	blank := s.Blank()
	report, err = blank.Scan()
	require.NoError(t, err)
	require.Empty(t, report.Leaks)
	require.Empty(t, report.Channels)
	blank.Capture("answers", "bids to the bidder", []byte("71394826153.47"))
	blank.Capture("answers", "bids to nobody", []byte("71394826153.47"))
	report, err = blank.Scan()
	require.NoError(t, err)
	require.Len(t, report.Leaks, 1)
	require.Equal(t, "bids to nobody", report.Leaks[0].Place)
}

func TestAmountsThatOccurByChanceAreRefused(t *testing.T) {
	t.Parallel()
	require.Panics(t, func() { canary.Amount("maximum", 739153) })
}
