package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/issues/issuestest"
	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/httpserver/openapitest"
	"github.com/gavelhq/gavel/platform/log"
	"github.com/gavelhq/gavel/platform/platformtest"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// unreachable is an address at which no PostgreSQL listens.
const unreachable = "postgres://gavel@127.0.0.1:1/gavel?sslmode=disable"

// configured returns the default configuration with some keys set, a free port and no file. Where no flag says what to
// serve from, it is an empty database with the program's schema.
func configured(t *testing.T, flags map[string]string) config.Config {
	t.Helper()
	given := map[string]string{"http.addr": "127.0.0.1:0", "data.dir": filepath.Join(t.TempDir(), "data")}
	for key, value := range flags {
		given[key] = value
	}
	if flags["data.dir"] == "" && flags["database.url"] == "" {
		given["data.dir"] = sqlite.open(t)[1]
	}
	cfg, _, err := config.Load(config.Sources{Flags: given}, configChecks...)
	require.NoError(t, err)
	return *cfg
}

// started starts a program that stops with the test.
func started(t *testing.T, options ...fx.Option) {
	t.Helper()
	app := fx.New(options...)
	require.NoError(t, app.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, app.Stop(context.Background())) })
}

// quiet is where the log of a program in a test goes.
var quiet = log.Output{Writer: io.Discard}

// inMemory swaps every store of every module.
func inMemory() fx.Option {
	return fx.Options(platformtest.InMemory(), listingstest.InMemory(), profilestest.InMemory(), issuestest.InMemory())
}

func TestTheProductionGraphRunsInMemory(t *testing.T) {
	t.Parallel()
	var server *httpserver.Server
	var market listingstest.Market
	var messages events.Outbox
	started(t,
		graph(configured(t, map[string]string{"database.url": unreachable}), quiet),
		inMemory(),
		profilestest.EveryoneTrades(),
		platformtest.Swap[clock.Clock](clock.NewFixed(noon)),
		fx.Populate(&server, &market, &messages),
	)
	seller, bidder := uuid.New(), uuid.New()
	id, err := market.Publish(t.Context(), listingstest.Offer{Seller: seller, Title: "A clock that stands still"})
	require.NoError(t, err)
	_, err = market.Bid(t.Context(), id, bidder, "20.50")
	require.NoError(t, err)

	require.JSONEq(t, `{"status": "ready", "checks": ["database", "database clock", "overdue closings"]}`,
		get(t, server.Addr(), "/readyz", http.StatusOK))
	var list struct {
		Items []struct {
			ID     uuid.UUID         `json:"id"`
			Title  string            `json:"title"`
			Status string            `json:"status"`
			Price  map[string]string `json:"price"`
			EndsAt string            `json:"ends_at"`
		} `json:"items"`
	}
	require.NoError(t, json.Unmarshal([]byte(get(t, server.Addr(), "/api/v1/listings", http.StatusOK)), &list))
	require.Len(t, list.Items, 1)
	require.Equal(t, id, list.Items[0].ID)
	require.Equal(t, "A clock that stands still", list.Items[0].Title)
	require.Equal(t, "open", list.Items[0].Status)
	require.Equal(t, map[string]string{"amount": "1.00", "currency": "USD"}, list.Items[0].Price)
	require.Equal(t, "2026-03-08T12:00:00.000000Z", list.Items[0].EndsAt)

	require.Len(t, messages.(*outbox.Outbox).Messages(), 3, "published, opened, and a bid")
}

//nolint:tparallel // the steps share one trap
func TestAnAllMemoryGraphNeverDials(t *testing.T) {
	t.Parallel()
	dialled, address := trap(t)
	cfg := configured(t, map[string]string{"database.url": "postgres://gavel@" + address + "/gavel?sslmode=disable"})

	t.Run("with every store swapped", func(t *testing.T) {
		var server *httpserver.Server
		var market listingstest.Market
		app := fx.New(graph(cfg, quiet), inMemory(), profilestest.EveryoneTrades(), fx.Populate(&server, &market))
		require.NoError(t, app.Start(t.Context()))
		_, err := market.Publish(t.Context(), listingstest.Offer{})
		require.NoError(t, err)
		get(t, server.Addr(), "/readyz", http.StatusOK)
		get(t, server.Addr(), "/api/v1/listings", http.StatusOK)
		require.NoError(t, app.Stop(context.Background()))
		require.Zero(t, dialled.Load())
	})
	t.Run("but with one store left it does, so that the trap works", func(t *testing.T) {
		app := fx.New(graph(cfg, quiet), listingstest.InMemory())
		require.ErrorIs(t, app.Start(t.Context()), db.ErrUnavailable)
		require.Positive(t, dialled.Load())
	})
}

// trap listens where a database is said to be and counts who comes.
func trap(t *testing.T) (dialled *atomic.Int64, address string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	dialled = &atomic.Int64{}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			dialled.Add(1)
			_ = connection.Close()
		}
	}()
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		<-ended
	})
	return dialled, listener.Addr().String()
}

func TestGraphSaysWhyItDoesNotStart(t *testing.T) {
	t.Parallel()

	t.Run("a database that cannot be reached", func(t *testing.T) {
		t.Parallel()
		got := monolith(t, []string{"serve", "--database.url", unreachable, "--http.addr", "127.0.0.1:0"})
		require.Equal(t, exitFailed, got.status)
		require.Empty(t, got.stdout)
		require.Contains(t, lastLine(got.stderr), "monolith: ")
		require.Contains(t, lastLine(got.stderr), "127.0.0.1:1")
	})
	t.Run("an address that is in use", func(t *testing.T) {
		t.Parallel()
		_, address := trap(t)
		got := monolith(t, []string{"serve", "--data.dir", t.TempDir(), "--http.addr", address})
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, lastLine(got.stderr), "another program listens there already")
	})
	t.Run("a schema that is newer than the program", func(t *testing.T) {
		t.Parallel()
		data := t.TempDir()
		withNewerSchema(t, data)
		got := monolith(t, []string{"serve", "--data.dir", data, "--http.addr", "127.0.0.1:0"})
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, lastLine(got.stderr), "newer than this program")
	})
	t.Run("an increment table that is none", func(t *testing.T) {
		t.Parallel()
		got := monolith(t, []string{"serve", "--listings.increments", "ebay-mars"})
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, got.stderr, "listings.increments")
		require.Contains(t, got.stderr, "ebay-mars")
	})
}

// withNewerSchema makes a database in the folder that a later version of this program has migrated.
func withNewerSchema(t *testing.T, data string) {
	t.Helper()
	cfg := configured(t, map[string]string{"data.dir": data})
	var pool *db.Pool
	app := fx.New(core(cfg, quiet), fx.Populate(&pool))
	require.NoError(t, app.Start(t.Context()))
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO goose_listings (version_id, is_applied) VALUES (999999, 1)`)
		return err
	}))
	require.NoError(t, app.Stop(context.Background()))
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	return lines[len(lines)-1]
}

// get asks a server and returns the body of an answer with that status; headers are pairs of name and value. What it asks
// of the API is held to the document that the server has of it.
func get(t *testing.T, addr, path string, status int, headers ...string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+path, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	checked := openapitest.NewTransport(func(err error) { t.Error(err) }, "http://"+addr, &http.Transport{DisableKeepAlives: true})
	client := http.Client{Transport: checked}
	response, err := client.Do(request)
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, status, response.StatusCode, string(body))
	return string(body)
}
