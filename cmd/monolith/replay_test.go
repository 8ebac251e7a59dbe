package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
	"github.com/gavelhq/gavel/platform/platformtest/realauctions"
)

const twoAuctions = `auctionid,bid,bidtime,bidder,bidderrate,openbid,price,item,auction_type
1,20,0.5,anna,3,9.99,15.5,A lamp,3 day auction
1,15,1.25,bert,0,9.99,15.5,A lamp,3 day auction
2,3,2.25,bert,0,1,2.5,A cup,7 day auction
`

// recording writes a file of recorded auctions and returns its name.
func recording(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "auctions.csv")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

// firstRealAuctions returns a file of the first of the real auctions.
func firstRealAuctions(t *testing.T, count int) string {
	t.Helper()
	file, err := os.Open(realauctions.File(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	auctions := map[string]bool{}
	end := slices.IndexFunc(rows, func(row []string) bool {
		auctions[row[0]] = true
		return len(auctions) > count+1 // the first line counts, too
	})
	var text strings.Builder
	require.NoError(t, csv.NewWriter(&text).WriteAll(rows[:end]))
	return recording(t, text.String())
}

func TestReplayGivesTheSameFiguresOnEveryStore(t *testing.T) {
	t.Parallel()
	file := firstRealAuctions(t, 30)
	report := func(t *testing.T, args ...string) map[string]any {
		got := monolith(t, append([]string{"replay", "--json", "--reserve", "recorded", file}, args...))
		require.Equal(t, exitOK, got.status, got.stderr)
		var figures map[string]any
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &figures))
		require.Empty(t, cmp.Diff([]string{
			"accepted", "auctions", "bids", "chains_verified", "closed", "differing", "events", "exact", "refused", "seconds",
		}, slices.Sorted(maps.Keys(figures))))
		delete(figures, "seconds")
		return figures
	}
	want := report(t)
	require.InDelta(t, 30, want["auctions"], 0)
	require.InDelta(t, 30, want["chains_verified"], 0)

	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		require.Empty(t, cmp.Diff(want, report(t, "--store", "sqlite")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := postgrestest.Open(t)
		require.Empty(t, cmp.Diff(want, report(t, "--store", "postgres", "--database.url", url)))
		require.Empty(t, schemas(t, url))
	})
}

func TestReplayForPeople(t *testing.T) {
	t.Parallel()
	got := monolith(t, []string{"replay", recording(t, twoAuctions)})
	require.Equal(t, exitOK, got.status, "prices that differ are no failure")
	require.Empty(t, got.stderr)
	require.Contains(t, got.stdout, "auctions.csv, replayed through the use cases\n")
	require.Contains(t, got.stdout, "  exact                   1   at the recorded price, to the cent: 50.0 %\n")
	require.Contains(t, got.stdout, "  2               2.50         1.00   a hidden reserve explains it")
}

func TestReplayRefusesBadRowsUnlessToldToSkipThem(t *testing.T) {
	t.Parallel()
	file := recording(t, twoAuctions+"1,much,1.25,bert,0,9.99,15.5,A lamp,3 day auction\n")
	got := monolith(t, []string{"replay", file})
	require.Equal(t, exitFailed, got.status)
	require.Empty(t, got.stdout)
	require.Equal(t, "monolith: "+file+": line 5, column 3 (bid): \"much\" is no amount: "+
		"Write the amount in digits with at most one dot, such as \"20.50\".\n", got.stderr)

	got = monolith(t, []string{"replay", "--skip-bad-rows", "--json", file})
	require.Equal(t, exitOK, got.status)
	var figures struct {
		BadRows int `json:"bad_rows"`
		Bids    int
	}
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &figures))
	require.Equal(t, 1, figures.BadRows)
	require.Equal(t, 3, figures.Bids)
}

func TestReplayOfHistories(t *testing.T) {
	t.Parallel()
	golden := filepath.Join("..", "..", "modules", "listings", "internal", "domain", "testdata", "golden.json")
	got := monolith(t, []string{"replay", "--json", golden})
	require.Equal(t, exitOK, got.status, got.stderr)
	require.JSONEq(t, `{"vectors": 21, "steps": 98, "matching": 98, "differing": []}`, got.stdout)

	text, err := os.ReadFile(golden)
	require.NoError(t, err)
	changed := filepath.Join(t.TempDir(), "changed.json")
	require.NoError(t, os.WriteFile(changed, []byte(strings.Replace(string(text), `"price": "9.99"`, `"price": "9.98"`, 1)), 0o600))
	for _, store := range []string{"memory", "sqlite"} {
		got = monolith(t, []string{"replay", "--json", "--store", store, changed})
		require.Equal(t, exitFailed, got.status)
		require.JSONEq(t, `{"vectors": 21, "steps": 98, "matching": 97, "differing": [
			{"vector": "proxy ladder with a tie", "step": 1, "field": "price", "want": "9.98", "got": "9.99"}]}`, got.stdout)
		require.Contains(t, got.stderr, "1 things come out otherwise than written")
	}
}

func TestReplayUsage(t *testing.T) {
	t.Parallel()
	file := recording(t, twoAuctions)
	cases := map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"no file":             {[]string{"replay"}, exitUsage, "accepts 1 arg(s), received 0"},
		"two files":           {[]string{"replay", file, file}, exitUsage, "accepts 1 arg(s), received 2"},
		"an unknown store":    {[]string{"replay", "--store", "tape", file}, exitUsage, `--store must be memory, sqlite or postgres, not "tape"`},
		"an unknown reserve":  {[]string{"replay", "--reserve", "all", file}, exitUsage, `--reserve must be none or recorded, not "all"`},
		"postgres without it": {[]string{"replay", "--store", "postgres", file}, exitUsage, "--store postgres needs a server"},
		"no such file":        {[]string{"replay", file + "x"}, exitFailed, "auctions.csvx does not exist"},
		"a folder":            {[]string{"replay", filepath.Dir(file)}, exitFailed, "is a folder"},
		"an empty file":       {[]string{"replay", recording(t, "")}, exitFailed, "is empty"},
		"no server":           {[]string{"replay", "--store", "postgres", "--database.url", unreachable, file}, exitFailed, "127.0.0.1:1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := monolith(t, c.args)
			require.Equal(t, c.status, got.status, got.stderr)
			require.Contains(t, got.stderr, c.stderr)
			require.Empty(t, got.stdout)
		})
	}
}

func TestReplayInMemoryNeedsNoConfiguration(t *testing.T) {
	t.Parallel()
	got := monolith(t, []string{"replay", "--json", recording(t, twoAuctions), "--log.level", "loud"})
	require.Equal(t, exitOK, got.status, got.stderr)
}

func TestThrowAwayStoresAreThrownAway(t *testing.T) {
	t.Parallel()
	failure := errors.New("it failed")
	cases := map[string]struct {
		fn   func(ctx context.Context, stop context.CancelFunc) error
		want error
	}{
		"when all went well":  {func(context.Context, context.CancelFunc) error { return nil }, nil},
		"after an error":      {func(context.Context, context.CancelFunc) error { return failure }, failure},
		"after an interrupt":  {func(ctx context.Context, stop context.CancelFunc) error { stop(); return ctx.Err() }, context.Canceled},
		"whatever is in them": {func(ctx context.Context, _ context.CancelFunc) error { return ctx.Err() }, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := postgrestest.Open(t)
			p := configuredProgram(t, "--database.url", url)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			err := p.withThrowAway(ctx, storePostgres, func(ctx context.Context, m market) error {
				require.NotNil(t, m.work)
				require.Len(t, schemas(t, url), 1)
				return c.fn(ctx, stop)
			})
			require.ErrorIs(t, err, c.want)
			require.Empty(t, schemas(t, url))
		})
	}
}

// configuredProgram returns a program as its commands find it, with these flags.
func configuredProgram(t *testing.T, flags ...string) *program {
	t.Helper()
	p := &program{stdin: strings.NewReader(""), stdout: &strings.Builder{}, stderr: &strings.Builder{}}
	require.NoError(t, newRootCommand(p).ParseFlags(flags))
	return p
}

// schemas returns those of the database that were made for throw-away stores.
func schemas(t *testing.T, url string) []string {
	t.Helper()
	pool, err := sql.Open("postgres", url)
	require.NoError(t, err)
	defer func() { require.NoError(t, pool.Close()) }()
	rows, err := pool.QueryContext(t.Context(), "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'gavel%'")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var names []string
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		names = append(names, name)
	}
	require.NoError(t, rows.Err())
	return names
}
