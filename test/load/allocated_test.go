package load_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/load"
)

const printed = `goos: linux
pkg: example.org/house/modules/listings
BenchmarkBid/postgres-2         	     300	   3966616 ns/op	         6.010 roundtrips/op	   34217 B/op	     473 allocs/op
BenchmarkBid/after-10        	     300	     21119 ns/op	    4008 B/op	      52 allocs/op
PASS
pkg: example.org/house/platform/uow
BenchmarkDo-16      	     300	     27304 ns/op	    4257 B/op	      62 allocs/op
BenchmarkQuiet-16  	     300	     27304 ns/op
ok  	example.org/house/platform/uow	2.586s
`

func TestWhatBenchmarksPrint(t *testing.T) {
	t.Parallel()
	found, err := load.ParseBenchmarks(printed, "example.org/house/")
	require.NoError(t, err)
	require.Equal(t, map[string]load.Allocated{
		"modules/listings.Bid/postgres": {Objects: 473, Bytes: 34217},
		"modules/listings.Bid/after":    {Objects: 52, Bytes: 4008},
		"platform/uow.Do":               {Objects: 62, Bytes: 4257},
	}, found)
	again, err := load.ParseBaseline(load.FormatBaseline(found))
	require.NoError(t, err)
	require.Equal(t, found, again)

	_, err = load.ParseBenchmarks("BenchmarkBid 300 many B/op", "")
	require.Error(t, err)
	_, err = load.ParseBaseline("Bid 300")
	require.ErrorContains(t, err, "Bid 300")
}

func TestGrowth(t *testing.T) {
	t.Parallel()
	was := map[string]load.Allocated{"bid": {Objects: 100, Bytes: 1000}}
	for name, c := range map[string]struct {
		now  map[string]load.Allocated
		says string
	}{
		"nothing has changed":         {was, ""},
		"a tenth more objects":        {map[string]load.Allocated{"bid": {Objects: 110, Bytes: 1000}}, ""},
		"more than a tenth":           {map[string]load.Allocated{"bid": {Objects: 111, Bytes: 1000}}, "bid allocates 111 objects, and 100 before"},
		"far more bytes":              {map[string]load.Allocated{"bid": {Objects: 100, Bytes: 9000}}, ""},
		"fewer objects":               {map[string]load.Allocated{"bid": {Objects: 10, Bytes: 100}}, ""},
		"a benchmark that is new":     {map[string]load.Allocated{"bid": was["bid"], "read": {}}, "read is not in the baseline"},
		"a benchmark that is missing": {nil, "bid was not measured"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines, err := load.CompareAllocated(was, c.now)
			if c.says == "" {
				require.NoError(t, err)
				require.Len(t, lines, 1)
				return
			}
			require.ErrorContains(t, err, c.says)
		})
	}
	lines, err := load.CompareAllocated(was, map[string]load.Allocated{"bid": {Objects: 105, Bytes: 900}})
	require.NoError(t, err)
	require.Equal(t, []string{"bid: 105 objects (+5.0 %), 900 bytes (-10.0 %)"}, lines)
}
