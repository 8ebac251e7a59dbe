//go:build bench

package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/test/load"
)

const (
	// loadBidders and loadSellers are the members of a house under load.
	loadBidders = 4000
	loadSellers = 500
)

// loadHouse is the program in this process, with members who bid and sell, on one store.
type loadHouse struct {
	t       *testing.T
	store   string
	url     string // PostgreSQL's
	dataDir string
	cluster *postgrestest.Cluster

	work    *uow.Work
	pool    *db.Pool // nil in memory
	market  listingstest.Market
	filler  listingstest.Filler
	visitor listingstest.Visitor
	auditor listingstest.Auditor
	bidders []profilestest.Recruit
	sellers []uuid.UUID
	fairs   map[int]*fair // by the number of listings
}

// portion is how much of the program runs.
type portion int

const (
	passive portion = iota // does nothing by itself: what is measured is what callers ask for
	whole                  // everything, as serve runs it: it delivers events, closes listings, and listens
)

// openLoadHouse opens a house on a store, in a database of that name, with its members. Options change the program.
func openLoadHouse(
	t *testing.T, cluster *postgrestest.Cluster, store, name string, what portion, options ...fx.Option,
) *loadHouse {
	t.Helper()
	h := &loadHouse{t: t, store: store, fairs: map[int]*fair{}}
	var crowd profilestest.Crowd
	fill := []any{&h.work, &h.market, &h.filler, &h.visitor, &h.auditor, &crowd}
	h.dataDir = filepath.Join(t.TempDir(), "data")
	flags := map[string]string{"data.dir": h.dataDir, "http.rate.requests": "0"}
	switch store {
	case load.Memory:
		options = append(options, inMemory())
	case load.Postgres:
		h.cluster, h.url = cluster, createDatabase(t, cluster, name)
		flags["database.url"] = h.url
		fallthrough
	default:
		fill = append(fill, &h.pool)
	}
	program := core
	if what == whole {
		program = graph
	}
	started(t, append(options, program(configured(t, flags), quiet), fx.Populate(fill...))...)
	var err error
	h.bidders, err = crowd.Enrol(t.Context(), "bidder", loadBidders, "listings.bid")
	require.NoError(t, err)
	sellers, err := crowd.Enrol(t.Context(), "seller", loadSellers, "listings.sell")
	require.NoError(t, err)
	for _, s := range sellers {
		h.sellers = append(h.sellers, s.ID)
	}
	return h
}

// createDatabase returns the address of a new database.
func createDatabase(t *testing.T, cluster *postgrestest.Cluster, name string) string {
	t.Helper()
	runSQL(t, cluster.URL("postgres"), "CREATE DATABASE "+name)
	return cluster.URL(name)
}

// runSQL runs statements outside of what is measured.
func runSQL(t *testing.T, url string, statements ...string) {
	t.Helper()
	pool, err := sql.Open("postgres", url)
	require.NoError(t, err)
	defer func() { require.NoError(t, pool.Close()) }()
	for _, statement := range statements {
		_, err = pool.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

// publish puts n listings on the market.
func (h *loadHouse) publish(n int) *fair {
	h.t.Helper()
	offer := listingstest.Offer{Duration: 20 * 24 * time.Hour}
	ids, err := h.market.PublishMany(h.t.Context(), h.work, n, offer, h.sellers)
	require.NoError(h.t, err)
	return newFair(h, ids)
}

// settle lets the database tidy up, so that no round pays for the one before. pgbench's tables are filled anew instead.
func (h *loadHouse) settle() {
	h.t.Helper()
	if h.store == load.Postgres {
		runSQL(h.t, h.url, "VACUUM ANALYZE listings", "CHECKPOINT")
	}
}

// logged counts the bids in all logs.
func (h *loadHouse) logged() int64 {
	h.t.Helper()
	const count = `SELECT count(*) FROM listing_log WHERE kind = 'bid_placed'`
	var n int64
	h.inUnit(func(ctx context.Context, tx *db.Tx) error { return tx.Get(ctx, &n, count) })
	return n
}

// durability reads on the connection that a unit of work writes with what makes a commit durable, and requires it.
func (h *loadHouse) durability() map[string]string {
	h.t.Helper()
	if h.pool == nil {
		return nil
	}
	ask := map[string]string{"synchronous": "PRAGMA synchronous", "journal_mode": "PRAGMA journal_mode"}
	safe := map[string]string{"synchronous": "2", "journal_mode": "wal"}
	if h.store == load.Postgres {
		ask = map[string]string{
			"fsync": "SHOW fsync", "synchronous_commit": "SHOW synchronous_commit", "full_page_writes": "SHOW full_page_writes",
		}
		safe = map[string]string{"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
	}
	found := map[string]string{}
	for name, statement := range ask {
		h.inUnit(func(ctx context.Context, tx *db.Tx) error {
			var value string
			err := tx.Get(ctx, &value, statement)
			found[name] = value
			return err
		})
	}
	require.Equal(h.t, safe, found, "a bid would not be durable")
	return found
}

// inUnit works in the transaction of a unit.
func (h *loadHouse) inUnit(ask func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	require.NoError(h.t, h.work.Do(h.t.Context(), func(ctx context.Context) error {
		tx, err := h.pool.Tx(ctx)
		if err != nil {
			return err
		}
		return ask(ctx, tx)
	}))
}

// cpuTime is that of this process and of the database server.
func (h *loadHouse) cpuTime() time.Duration {
	h.t.Helper()
	total := ownTime(h.t)
	if h.cluster != nil {
		total += serverTime(h.t, h.cluster)
	}
	return total
}

// loadCluster starts the PostgreSQL of all houses and of the floor.
func loadCluster(t *testing.T) *postgrestest.Cluster {
	t.Helper()
	cluster, err := postgrestest.StartCluster(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Close()) })
	return cluster
}

// serverVersion is the database server's, without what its packagers add.
func serverVersion(t *testing.T, cluster *postgrestest.Cluster) string {
	t.Helper()
	pool, err := sql.Open("postgres", cluster.URL("postgres"))
	require.NoError(t, err)
	defer func() { require.NoError(t, pool.Close()) }()
	var version string
	require.NoError(t, pool.QueryRowContext(t.Context(), "SHOW server_version").Scan(&version))
	version, _, _ = strings.Cut(version, " ")
	return version
}

// dollarText is decimal text of a whole number of dollars.
func dollarText(dollars int64) string { return fmt.Sprintf("%d.00", dollars) }
