//go:build bench

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
)

const (
	// benchRounds is how often what is compared is measured in turn.
	benchRounds = 7
	// longHistory is how many bids a listing with a long history has.
	longHistory = 100_000
)

// benchStore is one of the stores that are compared: the program running on it in this process, and its flags for
// programs of their own.
type benchStore struct {
	t       *testing.T
	name    string
	flags   map[string]string
	market  listingstest.Market
	filler  listingstest.Filler
	pool    *db.Pool // nil in memory
	cluster *postgrestest.Cluster
	perturn int   // bids that are measured at a time
	cents   int64 // the highest maximum so far
}

func openBenchStores(t *testing.T) []*benchStore {
	t.Helper()
	collectSeldom()
	cluster, err := postgrestest.StartCluster(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Close()) })
	return []*benchStore{
		openBenchStore(t, &benchStore{name: "memory", perturn: 5000}, inMemory()),
		openBenchStore(t, &benchStore{name: "sqlite", perturn: 300}),
		openBenchStore(t, &benchStore{
			name: "postgres", perturn: 300, cluster: cluster,
			flags: map[string]string{"database.url": cluster.URL("postgres")},
		}),
	}
}

func openBenchStore(t *testing.T, s *benchStore, options ...fx.Option) *benchStore {
	t.Helper()
	s.t, s.cents = t, 1000_00
	fill := []any{&s.market, &s.filler}
	if len(options) == 0 {
		fill = append(fill, &s.pool)
	}
	started(t, append(options, core(configured(t, s.flags), quiet), profilestest.EveryoneTrades(), fx.Populate(fill...))...)
	return s
}

// publish puts a listing on the market that has that many bids.
func (s *benchStore) publish(bids int) uuid.UUID {
	s.t.Helper()
	id, err := s.market.Publish(s.t.Context(), listingstest.Offer{Duration: 20 * 24 * time.Hour})
	require.NoError(s.t, err)
	maxima := make([]int64, bids)
	for i := range maxima {
		maxima[i] = s.higher()
	}
	require.NoError(s.t, s.filler.Fill(s.t.Context(), id, maxima))
	return id
}

// higher returns a maximum above every one before.
func (s *benchStore) higher() int64 {
	s.cents += 200_00
	return s.cents
}

// bid places n bids, one after the other.
func (s *benchStore) bid(listing uuid.UUID, n int) {
	s.t.Helper()
	for range n {
		amount := fmt.Sprintf("%d.00", s.higher()/100)
		_, err := s.market.Bid(s.t.Context(), listing, uuid.New(), amount)
		require.NoError(s.t, err)
	}
}

// cost is what n bids ask of the database.
func (s *benchStore) cost(n int) db.Stats {
	listing := s.publish(10)
	s.bid(listing, 3) // prepares the statements
	before := s.pool.Stats()
	s.bid(listing, n)
	return s.pool.Stats().Since(before)
}

func (s *benchStore) statements(*testing.T) string {
	if s.pool == nil {
		return "0"
	}
	return perBid(s.cost(100).Statements, 100)
}

func (s *benchStore) roundTrips(*testing.T) string {
	if s.pool == nil {
		return "0"
	}
	return perBid(s.cost(100).RoundTrips, 100)
}

func perBid(count int64, bids int) string {
	return strconv.FormatFloat(float64(count)/float64(bids), 'f', -1, 64)
}

// longShort is the CPU time of a bid on a listing with a long history, and with a short one.
type longShort struct{ long, short time.Duration }

func (c longShort) ratio() string { return fmt.Sprintf("%.2f", float64(c.long)/float64(c.short)) }

// cpu measures both in turn and returns the medians.
func (s *benchStore) cpu(t *testing.T) longShort {
	t.Helper()
	short, long := s.publish(10), s.publish(longHistory)
	s.bid(short, s.perturn/2)
	s.bid(long, s.perturn/2)
	var shorts, longs []time.Duration
	for range benchRounds {
		fresh := s.publish(10)
		shorts = append(shorts, s.spent(func() { s.bid(fresh, s.perturn) }))
		longs = append(longs, s.spent(func() { s.bid(long, s.perturn) }))
	}
	return longShort{long: median(longs), short: median(shorts)}
}

// spent returns the CPU time of one bid of those that fn places, the database server's included.
func (s *benchStore) spent(fn func()) time.Duration {
	before := s.cpuTime()
	fn()
	return (s.cpuTime() - before) / time.Duration(s.perturn)
}

func (s *benchStore) cpuTime() time.Duration {
	total := ownTime(s.t)
	if s.cluster != nil {
		total += serverTime(s.t, s.cluster)
	}
	return total
}

// ownTime is the CPU time of this process.
func ownTime(t *testing.T) time.Duration {
	t.Helper()
	var own syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &own))
	return time.Duration(own.Utime.Nano() + own.Stime.Nano())
}

// serverTime is the CPU time of a cluster's processes, those that have ended included.
func serverTime(t *testing.T, c *postgrestest.Cluster) time.Duration {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.Dir(), "data", "postmaster.pid"))
	require.NoError(t, err)
	postmaster, _, _ := strings.Cut(string(text), "\n")
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	var ticks int64
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest) // from the state on: the parent is 1, utime to cstime are 11 to 14
		own := filepath.Base(filepath.Dir(path)) == postmaster
		if !own && fields[1] != postmaster {
			continue
		}
		last := 13
		if own {
			last = 15 // with the children that it has waited for
		}
		for _, field := range fields[11:last] {
			n, err := strconv.ParseInt(field, 10, 64)
			require.NoError(t, err)
			ticks += n
		}
	}
	return time.Duration(ticks) * time.Second / 100
}

func median[T ~int64 | ~float64](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}

// replayRate runs the real program over the recorded auctions.
func replayRate(t *testing.T, s *benchStore) string {
	t.Helper()
	folder := os.Getenv("TEST_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	file, err := filepath.Abs(filepath.Join(folder, "ebay-auctions.csv"))
	require.NoError(t, err)
	var rates []float64
	for range 3 {
		args := []string{"replay", "--json", "--store", s.name}
		if url := s.flags["database.url"]; url != "" {
			args = append(args, "--database.url", url)
		}
		cmd := exec.Command(binary(t), append(args, file)...)
		cmd.Dir, cmd.Env = t.TempDir(), cleanEnvironment()
		text, err := cmd.Output()
		require.NoError(t, err)
		var result struct {
			Bids    int     `json:"bids"`
			Exact   int     `json:"exact"`
			Seconds float64 `json:"seconds"`
		}
		require.NoError(t, json.Unmarshal(text, &result))
		require.Equal(t, 477, result.Exact)
		rates = append(rates, float64(result.Bids)/result.Seconds)
	}
	return fmt.Sprintf("%.0f", median(rates))
}
