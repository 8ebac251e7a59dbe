//go:build bench

package main

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
)

// benchStore is one of the stores that are compared: the program running on it in this process, and its flags for
// programs of their own.
type benchStore struct {
	name    string
	flags   map[string]string
	trader  listingstest.Trader
	filler  listingstest.Filler
	pool    *db.Pool              // nil in memory
	cluster *postgrestest.Cluster // only PostgreSQL's
	atOnce  int                   // bids that are measured together: enough for the clock of the CPU
	cents   int64                 // the highest maximum so far
}

// openBenchStores returns the three, the databases as durable as in production.
func openBenchStores(t *testing.T) []*benchStore {
	t.Helper()
	cluster, err := postgrestest.StartCluster(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Close()) })
	memory := &benchStore{name: storeMemory, atOnce: 10_000}
	sqlite := &benchStore{name: storeSQLite, atOnce: 500}
	postgres := &benchStore{name: storePostgres, atOnce: 500, cluster: cluster, flags: databaseFlags(cluster.URL("postgres"))}
	memory.open(t, inMemory())
	sqlite.open(t, fx.Populate(&sqlite.pool))
	postgres.open(t, fx.Populate(&postgres.pool))
	return []*benchStore{memory, sqlite, postgres}
}

func databaseFlags(url string) map[string]string { return map[string]string{"database.url": url} }

// open runs the program on the store, without the server and the jobs.
func (s *benchStore) open(t *testing.T, options ...fx.Option) {
	t.Helper()
	started(t, core(configured(t, s.flags), quiet), fx.Populate(&s.trader, &s.filler), fx.Options(options...))
	if s.pool != nil {
		durability, err := s.pool.Durability(t.Context())
		require.NoError(t, err)
		require.NoError(t, durability.Check())
	}
}

// version names the database; a store in memory is none.
func (s *benchStore) version(t *testing.T) string {
	t.Helper()
	if s.pool == nil {
		return ""
	}
	query := map[db.Dialect]string{
		db.SQLite:   "SELECT 'SQLite ' || sqlite_version()",
		db.Postgres: "SELECT 'PostgreSQL ' || current_setting('server_version')",
	}[s.pool.Dialect()]
	var version string
	require.NoError(t, s.pool.Read().Get(t.Context(), &version, query))
	version, _, _ = strings.Cut(version, " (") // of a distribution
	return version
}

// publish puts a listing on the market that has that many bids.
func (s *benchStore) publish(t *testing.T, bids int) uuid.UUID {
	t.Helper()
	id, err := s.trader.Market.Publish(t.Context(), listingstest.Offer{Duration: 20 * 24 * time.Hour})
	require.NoError(t, err)
	maxima := make([]int64, bids)
	for i := range maxima {
		maxima[i] = s.higher()
	}
	require.NoError(t, s.filler.Fill(t.Context(), id, maxima))
	return id
}

// higher returns a maximum that is above every one before by more than any increment.
func (s *benchStore) higher() int64 {
	s.cents += 200_00
	return s.cents
}

// bid places n bids, one after the other, each with a commit of its own.
func (s *benchStore) bid(t *testing.T, listing uuid.UUID, n int, keyed bool) {
	t.Helper()
	for range n {
		order := listingstest.Order{Listing: listing, Bidder: uuid.New(), Cents: s.higher()}
		if keyed {
			order.Key = order.Bidder.String()
		}
		outcome := s.trader.Place(t.Context(), order)
		require.NotZero(t, outcome.Seq, "%+v", outcome)
	}
}

// bidCost is what one bid asks of the database and of the memory of the program.
type bidCost struct {
	statements, trips  float64
	allocations, bytes float64
}

// cost measures the mean of some bids; only the allocations differ from one to the other.
func (s *benchStore) cost(t *testing.T, keyed bool) bidCost {
	t.Helper()
	const bids = 200
	listing := s.publish(t, shortHistory)
	s.bid(t, listing, bids, keyed) // prepares the statements
	var before, after runtime.MemStats
	asked := s.asked()
	runtime.ReadMemStats(&before)
	s.bid(t, listing, bids, keyed)
	runtime.ReadMemStats(&after)
	asked = s.asked().Since(asked)
	return bidCost{
		statements:  float64(asked.Statements) / bids,
		trips:       float64(asked.RoundTrips) / bids,
		allocations: float64(after.Mallocs-before.Mallocs) / bids,
		bytes:       float64(after.TotalAlloc-before.TotalAlloc) / bids,
	}
}

// asked is what the store has asked of its database so far.
func (s *benchStore) asked() db.Stats {
	if s.pool == nil {
		return db.Stats{}
	}
	return s.pool.Stats()
}

func (c bidCost) queries(s *benchStore) string { return ofDatabase(s, c.statements) }

// roundTrips are calls in SQLite, which is not behind a network.
func (c bidCost) roundTrips(s *benchStore) string { return ofDatabase(s, c.trips) }

func ofDatabase(s *benchStore, count float64) string {
	if s.pool == nil {
		return "none"
	}
	return fmt.Sprintf("%.2f", count)
}
