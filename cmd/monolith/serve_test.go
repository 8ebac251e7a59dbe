package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// serveArgs are the arguments that serve a store on any port.
func serveArgs(store []string, more ...string) []string {
	return append(append([]string{"serve", "--http.addr", "127.0.0.1:0"}, store...), more...)
}

func TestServe(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		p := launch(t, binary(t), serveArgs(e.nothing(t))...)
		require.Regexp(t, `^Gavel is ready at http://127\.0\.0\.1:\d+$`, p.first)

		require.JSONEq(t, `{"status": "ready", "checks": ["database", "database clock", "overdue closings"]}`,
			get(t, p.addr(), "/readyz", http.StatusOK))
		require.JSONEq(t, `{"status": "ok"}`, get(t, p.addr(), "/healthz", http.StatusOK))
		require.Contains(t, get(t, p.addr(), "/version", http.StatusOK), `"version":`)
		get(t, p.addr(), "/metrics", http.StatusNotFound)
		require.JSONEq(t, `{"items": []}`, get(t, p.addr(), "/api/v1/listings", http.StatusOK))
		require.Contains(t, get(t, p.addr(), "/api/openapi.json", http.StatusOK), `"/api/v1/listings/{id}/log"`)

		require.Equal(t, exitOK, p.stop(syscall.SIGTERM), p.log())
		require.NotContains(t, p.log(), `"level":"error"`)
		require.NotContains(t, p.log(), "[Fx]")
	})
}

// TestServeKeepsItsPromisesOverARestart publishes two listings in the past, one of which has ended since, and lets the
// program come up on them.
func TestServeKeepsItsPromisesOverARestart(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		bidder := uuid.New()
		var ended, open uuid.UUID
		inThePast(t, store, time.Now().Add(-3*time.Hour), func(market listingstest.Market) {
			ended = published(t, market, listingstest.Offer{Title: "Ended while nobody was there", Duration: time.Hour})
			open = published(t, market, listingstest.Offer{Title: "Goes on", Duration: 240 * time.Hour})
			for _, id := range []uuid.UUID{ended, open} {
				_, err := market.Bid(t.Context(), id, bidder, "1234.56")
				require.NoError(t, err)
			}
		})

		p := launch(t, binary(t), serveArgs(store)...)
		kinds := logKinds(t, get(t, p.addr(), "/api/v1/listings/"+ended.String()+"/log", http.StatusOK))
		require.Equal(t, []string{"published", "opened", "bid_placed", "closed"}, kinds, "closed before it was ready")
		require.Equal(t, "sold", statusOf(t, p.addr(), ended))
		require.Equal(t, "open", statusOf(t, p.addr(), open))
		before := get(t, p.addr(), "/api/v1/listings/"+ended.String(), http.StatusOK)
		require.Equal(t, exitOK, p.stop(syscall.SIGINT))

		again := launch(t, binary(t), serveArgs(store)...)
		require.Equal(t, before, get(t, again.addr(), "/api/v1/listings/"+ended.String(), http.StatusOK))
		for _, path := range []string{"/api/v1/listings", "/api/v1/listings/" + open.String(), "/api/v1/listings/" + open.String() + "/bids", "/api/v1/listings/" + open.String() + "/log"} {
			answer := get(t, again.addr(), path, http.StatusOK)
			require.NotContains(t, answer, "1234.56", path)
			require.NotContains(t, answer, bidder.String(), path)
		}
		require.Equal(t, exitOK, again.stop(syscall.SIGTERM))
	})
}

// inThePast lets the market do something with the program's own use cases at an instant that has passed.
func inThePast(t *testing.T, store []string, at time.Time, do func(market listingstest.Market)) {
	t.Helper()
	flags := map[string]string{}
	for i := 0; i < len(store); i += 2 {
		flags[strings.TrimPrefix(store[i], "--")] = store[i+1]
	}
	var market listingstest.Market
	app := fx.New(core(configured(t, flags), quiet), platformtest.Swap[clock.Clock](clock.NewFixed(at)),
		profilestest.EveryoneTrades(), fx.Populate(&market))
	require.NoError(t, app.Start(t.Context()))
	do(market)
	require.NoError(t, app.Stop(context.Background()))
}

func published(t *testing.T, market listingstest.Market, offer listingstest.Offer) uuid.UUID {
	t.Helper()
	id, err := market.Publish(t.Context(), offer)
	require.NoError(t, err)
	return id
}

// logKinds returns the kinds of the events of a public log.
func logKinds(t *testing.T, log string) []string {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(log), "\n")
	kinds := make([]string, len(lines)-1)
	for i, line := range lines[1:] {
		var event struct {
			Kind string `json:"kind"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &event))
		kinds[i] = event.Kind
	}
	return kinds
}

func statusOf(t *testing.T, addr string, id uuid.UUID) string {
	t.Helper()
	var listing struct {
		Status string `json:"status"`
	}
	require.NoError(t, json.Unmarshal([]byte(get(t, addr, "/api/v1/listings/"+id.String(), http.StatusOK)), &listing))
	return listing.Status
}

func TestServeShowsMetricsOnlyWhereItIsTold(t *testing.T) {
	t.Parallel()
	store := sqlite.open(t)
	token := strings.Repeat("t", 16)
	p := launch(t, binary(t), serveArgs(store, "--metrics.token", token)...)
	get(t, p.addr(), "/metrics", http.StatusUnauthorized)
	metrics := get(t, p.addr(), "/metrics", http.StatusOK, "Authorization", "Bearer "+token)
	require.Contains(t, metrics, "listings_timekeeper_changes_total 0")
	require.Contains(t, metrics, "http_request_duration_seconds")
	require.Equal(t, exitOK, p.stop(syscall.SIGTERM))

	p = launch(t, binary(t), serveArgs(store, "--metrics.addr", "127.0.0.1:0")...)
	get(t, p.addr(), "/metrics", http.StatusNotFound)
	own := regexp.MustCompile(`"metrics_addr":"([^"]+)"`).FindStringSubmatch(p.log())
	require.Len(t, own, 2, p.log())
	require.Contains(t, get(t, own[1], "/metrics", http.StatusOK), "go_goroutines")
	require.Equal(t, exitOK, p.stop(syscall.SIGTERM))
}

func TestServeGivesProfilesOnlyWhereItIsTold(t *testing.T) {
	t.Parallel()
	store := sqlite.open(t)
	p := launch(t, binary(t), serveArgs(store, "--metrics.addr", "127.0.0.1:0")...)
	metrics := regexp.MustCompile(`"metrics_addr":"([^"]+)"`).FindStringSubmatch(p.log())
	require.Len(t, metrics, 2, p.log())
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/profile?seconds=1"} {
		get(t, p.addr(), path, http.StatusNotFound)
		get(t, metrics[1], path, http.StatusNotFound)
	}
	require.NotContains(t, p.log(), "profiling")
	require.Equal(t, exitOK, p.stop(syscall.SIGTERM))

	p = launch(t, binary(t), serveArgs(store, "--profiling.addr", "127.0.0.1:0")...)
	own := regexp.MustCompile(`"profiles can be taken","addr":"([^"]+)"`).FindStringSubmatch(p.log())
	require.Len(t, own, 2, p.log())
	require.Contains(t, get(t, own[1], "/debug/pprof/goroutine?debug=1", http.StatusOK), "goroutine profile")
	get(t, p.addr(), "/debug/pprof/heap", http.StatusNotFound)
	require.Equal(t, exitOK, p.stop(syscall.SIGTERM))
}

func TestServeIsTheDefault(t *testing.T) {
	t.Parallel()
	p := launch(t, binary(t), append([]string{"--http.addr", "127.0.0.1:0"}, sqlite.nothing(t)...)...)
	get(t, p.addr(), "/readyz", http.StatusOK)
	require.Equal(t, exitOK, p.stop(syscall.SIGTERM))
}

func TestMakeRunServes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	repository, err := filepath.Abs("../..")
	require.NoError(t, err)
	made, err := exec.LookPath("make")
	require.NoError(t, err)
	p := launch(t, made, "--silent", "-C", repository, "run", "BIN="+filepath.Join(dir, "monolith"),
		"ARGS=--http.addr 127.0.0.1:0 --data.dir "+filepath.Join(dir, "data"))
	get(t, p.addr(), "/readyz", http.StatusOK)
	require.FileExists(t, filepath.Join(dir, "data", "gavel.db"))
	require.NoError(t, syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT), "as Ctrl-C does")
	p.wait()
	_, err = os.Stat(filepath.Join(dir, "data", "gavel.db-wal"))
	require.ErrorIs(t, err, os.ErrNotExist, "the database was closed")
}
