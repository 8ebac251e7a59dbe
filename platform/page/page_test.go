package page_test

import (
	"encoding/base64"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/page"
)

type key struct {
	EndsAt int64  `json:"e"`
	ID     string `json:"i"`
}

const list = "listings/ending_soon"

func TestSize(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{-1: 20, 0: 20, 1: 1, 20: 20, 99: 99, 100: 100, 101: 100} {
		require.Equal(t, want, page.Request{Limit: limit}.Size(), "limit %d", limit)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	next := func(n int) page.Cursor { return page.Cursor(strconv.Itoa(n)) }
	cases := map[string]struct {
		rows []int
		want page.Of[int]
	}{
		"no row":                    {rows: nil, want: page.Of[int]{Items: []int{}}},
		"fewer rows than the limit": {rows: []int{1}, want: page.Of[int]{Items: []int{1}}},
		"exactly the limit":         {rows: []int{1, 2}, want: page.Of[int]{Items: []int{1, 2}}},
		"one row more":              {rows: []int{1, 2, 3}, want: page.Of[int]{Items: []int{1, 2}, Next: "2"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, page.Cut(page.Request{Limit: 2}, c.rows, next))
		})
	}
}

func TestMap(t *testing.T) {
	t.Parallel()
	require.Equal(t,
		page.Of[string]{Items: []string{"1", "2"}, Next: "c"},
		page.Map(page.Of[int]{Items: []int{1, 2}, Next: "c"}, strconv.Itoa))
	require.Equal(t, page.Of[string]{Items: []string{}}, page.Map(page.Of[int]{}, strconv.Itoa))
}

func TestCursorRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := key{EndsAt: rapid.Int64().Draw(t, "ends"), ID: rapid.StringN(0, 40, 80).Draw(t, "id")}
		cursor := page.Encode(list, want)
		got, ok, err := page.Decode[key](list, cursor)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, want, got)
		require.Equal(t, string(cursor), strings.Map(urlSafe, string(cursor)), "needs no escaping in a URL")
	})
}

func urlSafe(r rune) rune {
	if strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", r) {
		return r
	}
	return -1
}

func TestDecodeEmpty(t *testing.T) {
	t.Parallel()
	_, ok, err := page.Decode[key](list, "")
	require.NoError(t, err)
	require.False(t, ok)
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	encode := func(text string) page.Cursor {
		return page.Cursor(base64.RawURLEncoding.EncodeToString([]byte(text)))
	}
	good := page.Encode(list, key{EndsAt: time.Now().UnixMicro(), ID: "x"})
	cases := map[string]page.Cursor{
		"a cursor of another list":     page.Encode("listings/newest", key{}),
		"text that is not base64url":   "???",
		"padding":                      good + "=",
		"a truncated cursor":           good[:len(good)-5],
		"bytes that are not JSON":      encode("\xff\x00"),
		"another version":              encode(`{"v":2,"l":"listings/ending_soon","k":{"e":1,"i":"x"}}`),
		"no key":                       encode(`{"v":1,"l":"listings/ending_soon"}`),
		"a null key":                   encode(`{"v":1,"l":"listings/ending_soon","k":null}`),
		"a key of another shape":       encode(`{"v":1,"l":"listings/ending_soon","k":{"other":1}}`),
		"a key of another type":        encode(`{"v":1,"l":"listings/ending_soon","k":"x"}`),
		"an unknown field":             encode(`{"v":1,"l":"listings/ending_soon","k":{"e":1,"i":"x"},"x":1}`),
		"something after the envelope": encode(`{"v":1,"l":"listings/ending_soon","k":{"e":1,"i":"x"}} {}`),
		"a very long cursor":           page.Cursor(strings.Repeat("A", 100_000)),
	}
	for name, cursor := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok, err := page.Decode[key](list, cursor)
			require.ErrorIs(t, err, page.ErrInvalidCursor)
			require.Equal(t, "invalid_cursor", fault.CodeOf(err))
			require.False(t, ok)
			require.Zero(t, got)
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(string(page.Encode(list, key{EndsAt: 1, ID: "x"})))
	f.Add("")
	f.Add("e30")
	f.Fuzz(func(t *testing.T, cursor string) {
		got, ok, err := page.Decode[key](list, page.Cursor(cursor))
		if err != nil && (ok || got != key{}) {
			t.Fatalf("returned %+v beside %v", got, err)
		}
	})
}
