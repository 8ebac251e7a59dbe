package main

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/platform/db"
)

// TestBackupUnderLoad backs up, with the real program, a database in which another process bids without a pause, and
// restores it into new databases of both kinds: every chain verifies there, every bid that was acknowledged before the
// backup began is there, and nothing is there that was not bid.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		const workers = 4
		v := spawn(t, childPlan{Flags: flagsOf(store)})
		v.await("the server", func(h heard) bool { return h.addr != "" })
		lots := v.trade(childTrade{
			Seed: 1, Workers: workers, Lots: []listingstest.Lots{{Seed: 1, Count: 6, Duration: 24 * time.Hour}},
		})
		v.awaitBids(300)

		file := filepath.Join(t.TempDir(), "loaded.zip")
		before := v.told().bids
		copied := ranAlone(t, command(store, "backup", "--json", file)...)
		after := v.told().bids
		require.Equal(t, exitOK, copied.status, copied.stdout+copied.stderr)
		require.Greater(t, len(after), len(before), "bids went on meanwhile")
		v.awaitBids(20)
		v.stop()

		var said copyAnswer
		require.NoError(t, json.Unmarshal([]byte(copied.stdout), &said))
		require.EqualValues(t, len(lots), said.Listings)
		require.Equal(t, said.Listings, said.Verified)
		t.Logf("%d bids acknowledged before the backup, %d more until it was verified; %d events copied, %d bytes",
			len(before), len(after)-len(before), said.Events, said.Size)

		for _, into := range engines {
			t.Run("into "+string(into), func(t *testing.T) {
				place := into.nothing(t)
				restored := ranAlone(t, command(place, "restore", "--json", file)...)
				require.Equal(t, exitOK, restored.status, restored.stdout+restored.stderr)
				verified := ranAlone(t, command(place, "verify")...)
				require.Equal(t, exitOK, verified.status, verified.stdout+verified.stderr)

				copiedBids := auditRestored(t, place, before)
				require.Equal(t, said.Events-2*said.Listings, copiedBids, "beside bids there are only publication and opening")
				require.LessOrEqual(t, copiedBids, int64(len(after)+workers), "bids that nobody placed")

				p := launch(t, binary(t), serveArgs(place)...)
				get(t, p.addr(), "/readyz", http.StatusOK)
				require.Equal(t, "open", statusOf(t, p.addr(), lots[0]))
				require.Equal(t, exitOK, p.stop(syscall.SIGTERM), p.log())
			})
		}
	})
}

// auditRestored checks that acknowledged bids are in a restored store, and that each event has its message; it returns
// how many bids are there.
func auditRestored(t *testing.T, store []string, acknowledged []listingstest.Outcome) int64 {
	t.Helper()
	var auditor listingstest.Auditor
	var pool *db.Pool
	app := fx.New(core(configured(t, flagsOf(store)), quiet), fx.Populate(&auditor, &pool))
	require.NoError(t, app.Start(t.Context()))
	defer func() { require.NoError(t, app.Stop(context.Background())) }()
	require.NoError(t, auditor.Logged(t.Context(), acknowledged))
	_, err := auditor.Verify(t.Context())
	require.NoError(t, err)
	new(books).compareOutbox(t, pool)
	var bids int64
	require.NoError(t, pool.Read().Get(t.Context(), &bids, "SELECT count(*) FROM listing_log WHERE kind = 'bid_placed'"))
	return bids
}
