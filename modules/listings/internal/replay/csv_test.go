package replay_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/replay"
)

const good = "1,20,0.5,anna,3,9.99,15.5,A lamp,3 day auction\n"

func TestFilesThatAreNoRecording(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	layout := strings.TrimSpace(head)
	cases := map[string]struct{ name, want string }{
		"missing":              {folder + "/gone.csv", "does not exist: name a CSV file in the public eBay layout, or a JSON file of histories"},
		"a folder":             {folder, "is a folder: name a CSV file in the public eBay layout, or a JSON file of histories"},
		"empty":                {write(t, "f.csv", ""), `is empty: its first line must be "` + layout + `"`},
		"only line breaks":     {write(t, "f.csv", "\n\n"), "is empty"},
		"only a mark":          {write(t, "f.csv", "\uFEFF"), "is empty"},
		"only the first line":  {write(t, "f.csv", head), "has no bid: there must be rows of"},
		"another layout":       {write(t, "f.csv", "id,amount\n1,2\n"), `is not in the public eBay layout: its first line must be "` + layout + `" and is "id,amount"`},
		"no first line":        {write(t, "f.csv", good), "is not in the public eBay layout"},
		"a column twice":       {write(t, "f.csv", "auctionid,"+head+"1,"+good), "is not in the public eBay layout"},
		"other order":          {write(t, "f.csv", "bid,auctionid,bidtime,bidder,bidderrate,openbid,price,item,auction_type\n"+good), "is not in the public eBay layout"},
		"semicolons":           {write(t, "f.csv", strings.ReplaceAll(head+good, ",", ";")), "is not in the public eBay layout"},
		"a quote in the first": {write(t, "f.csv", `auction"id`+"\n"), "is not in the public eBay layout"},
		"UTF-16":               {write(t, "f.csv", "\xff\xfea\x00u\x00"), "is in UTF-16: save it in UTF-8"},
		"binary":               {write(t, "f.bin", "\x00\x01\x02\x03"), "is not in the public eBay layout"},
		"a very long line":     {write(t, "f.csv", strings.Repeat("x", 1<<20)), "xxx…\""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := replay.Read(c.name, true)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, c.name)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestRowsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		row          string
		line, column int
		field        string
		detail       string
	}{
		"too few fields":           {"1,20,0.5", 3, 1, "", "the row has 3 fields instead of 9"},
		"too many fields":          {"1,20,0.5,anna,3,9.99,15.5,A lamp,3 day auction,", 3, 1, "", "the row has 10 fields instead of 9"},
		"no auction":               {",20,0.5,anna,3,9.99,15.5,A lamp,3 day auction", 3, 1, "auctionid", "it is empty"},
		"a bid in words":           {"1,twenty,0.5,anna,3,9.99,15.5,A lamp,3 day auction", 3, 3, "bid", `"twenty" is no amount`},
		"a negative bid":           {"1,-20,0.5,anna,3,9.99,15.5,A lamp,3 day auction", 3, 3, "bid", `"-20" is no amount`},
		"no bid":                   {"1,,0.5,anna,3,9.99,15.5,A lamp,3 day auction", 3, 3, "bid", `"" is no amount`},
		"a time in words":          {"1,20,noon,anna,3,9.99,15.5,A lamp,3 day auction", 3, 6, "bidtime", `"noon" is no time`},
		"a time before the start":  {"1,20,-0.5,anna,3,9.99,15.5,A lamp,3 day auction", 3, 6, "bidtime", `"-0.5" is no time`},
		"a time without end":       {"1,20,1e99,anna,3,9.99,15.5,A lamp,3 day auction", 3, 6, "bidtime", `"1e99" is no time`},
		"no bidder":                {"1,20,0.5, ,3,9.99,15.5,A lamp,3 day auction", 3, 10, "bidder", "it is empty"},
		"a bidder in two lines":    {"1,20,0.5,\"an\nna\",3,9.99,15.5,A lamp,3 day auction", 3, 10, "bidder", "it contains control characters"},
		"a start of nothing":       {"1,20,0.5,anna,3,0,15.5,A lamp,3 day auction", 3, 17, "openbid", `"0" is no amount: The amount must be above zero.`},
		"a price of half cents":    {"1,20,0.5,anna,3,9.99,15.505,A lamp,3 day auction", 3, 22, "price", `"15.505" is no amount`},
		"no item":                  {"1,20,0.5,anna,3,9.99,15.5,,3 day auction", 3, 27, "item", "it is empty"},
		"an item of no characters": {"1,20,0.5,anna,3,9.99,15.5,\xff,3 day auction", 3, 27, "item", "it is not UTF-8"},
		"no type":                  {"1,20,0.5,anna,3,9.99,15.5,A lamp,", 3, 34, "auction_type", `"" is no auction type`},
		"a type of no days":        {"1,20,0.5,anna,3,9.99,15.5,A lamp,0 day auction", 3, 34, "auction_type", `"0 day auction" is no auction type`},
		"a type too long":          {"1,20,0.5,anna,3,9.99,15.5,A lamp,31 day auction", 3, 34, "auction_type", `"31 day auction" is no auction type`},
		"the first line again":     {strings.TrimSpace(head), 3, 1, "auctionid", "the first line comes again"},
		"a quote in a field":       {`1,20,0.5,an"na,3,9.99,15.5,A lamp,3 day auction`, 3, 12, "", `bare " in non-quoted-field`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := write(t, "bad.csv", head+good+c.row+"\n"+good)
			_, err := replay.Read(file, false)
			var bad *replay.RowError
			require.ErrorAs(t, err, &bad)
			require.Contains(t, bad.Detail, c.detail)
			bad.Detail = ""
			require.Empty(t, cmp.Diff(&replay.RowError{File: file, Line: c.line, Column: c.column, Field: c.field}, bad))
			require.ErrorContains(t, err, file+": line 3, column ")

			read, err := replay.Read(file, true)
			require.NoError(t, err)
			require.Equal(t, 1, read.Recording.BadRows)
			require.Len(t, read.Recording.Bids, 2)
		})
	}
}

func TestOnlyBadRows(t *testing.T) {
	t.Parallel()
	_, err := replay.Read(write(t, "bad.csv", head+"1\n2\n"), true)
	require.ErrorContains(t, err, "has no bid: all of its 2 rows are bad")
}

func TestQuoteWithoutEnd(t *testing.T) {
	t.Parallel()
	read, err := replay.Read(write(t, "bad.csv", head+good+"\"1,20\n"+good), true)
	require.NoError(t, err)
	require.Equal(t, 1, read.Recording.BadRows)
	require.Len(t, read.Recording.Bids, 1)
}

func TestWaysToWriteTheSame(t *testing.T) {
	t.Parallel()
	want, err := replay.Read(write(t, "f.csv", head+good), false)
	require.NoError(t, err)
	cases := map[string]struct{ name, text string }{
		"with a mark":         {"f.csv", "\uFEFF" + head + good},
		"with CRLF":           {"f.csv", strings.ReplaceAll(head+good, "\n", "\r\n")},
		"without a last end":  {"f.csv", strings.TrimSpace(head + good)},
		"with empty lines":    {"f.csv", head + "\n" + good + "\n"},
		"quoted":              {"f.csv", head + strings.ReplaceAll(good, "A lamp", `"A lamp"`)},
		"with an exponent":    {"f.csv", head + strings.ReplaceAll(good, ",0.5,", ",5E-01,")},
		"under another name":  {"f.txt", head + good},
		"under an upper name": {"F.CSV", head + good},
		"without a score":     {"f.csv", head + strings.ReplaceAll(good, ",3,", ",NA,")},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := replay.Read(write(t, c.name, c.text), false)
			require.NoError(t, err)
			got.Recording.File = want.Recording.File
			require.Empty(t, cmp.Diff(want, got))
		})
	}
}

func TestTimesAreExact(t *testing.T) {
	t.Parallel()
	cases := map[string]int64{ // microseconds
		"0": 0, "1": 86_400_000_000, "0.000001": 86_400, "2.927373": 252_925_027_200, "1.16E-05": 1_002_240,
		"0.00000000001": 0, "0.000000000012": 1, "0.3333333333333333": 28_799_999_999,
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			read, err := replay.Read(write(t, "f.csv", head+strings.Replace(good, ",0.5,", ","+text+",", 1)), false)
			require.NoError(t, err)
			require.Equal(t, want, read.Recording.Bids[0].After.Microseconds())
		})
	}
}

func TestBidsComeInTheOrderOfTheirTimes(t *testing.T) {
	t.Parallel()
	rows := ""
	for _, row := range []struct{ bidder, at string }{{"d", "2"}, {"b", "1.0"}, {"a", "0.5"}, {"c", "1"}} {
		rows += "1,20," + row.at + "," + row.bidder + ",3,9.99,15.5,A lamp,3 day auction\n"
	}
	read, err := replay.Read(write(t, "f.csv", head+rows), false)
	require.NoError(t, err)
	order := ""
	for _, b := range read.Recording.Bids {
		order += b.Bidder
	}
	require.Equal(t, "abcd", order)
}
