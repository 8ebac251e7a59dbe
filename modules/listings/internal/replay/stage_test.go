package replay_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	listingsmemory "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/internal/replay"
	"github.com/gavelhq/gavel/modules/listings/internal/stage"
	"github.com/gavelhq/gavel/platform/clock"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newStage returns a stage in memory on which nothing has happened.
func newStage() *stage.Stage {
	db := memory.NewDatabase()
	store := listingsmemory.NewStore(db)
	return stage.New(stage.Ports{
		Work:       uow.New(eventsmemory.NewOutbox(db), uow.Settings{}),
		Listings:   listingsmemory.NewListings(store, app.Message),
		Allowances: listingsmemory.NewAllowances(db),
		Views:      listingsmemory.NewViews(store),
		Ledger:     listingsmemory.NewLedger(store),
		Schedule:   listingsmemory.NewSchedule(store),
		House: app.House{
			Currency: "USD",
			Table:    domain.DefaultTable,
			Digits:   func(code string) (int, bool) { return 2, code == "USD" },
			TableOf:  domain.BuiltInTable,
		},
		Clock: clock.NewVirtual(replay.Epoch.Add(-time.Hour)),
	})
}

func options(reserve replay.Reserve) replay.Options {
	return replay.Options{Reserve: reserve, Wall: clock.NewReal()}
}

// replayed reads a file of auctions and replays it.
func replayed(t *testing.T, name string, reserve replay.Reserve) *replay.Report {
	t.Helper()
	file, err := replay.Read(name, false)
	require.NoError(t, err)
	require.NotNil(t, file.Recording)
	report, err := replay.Auctions(t.Context(), newStage(), file.Recording, options(reserve))
	require.NoError(t, err)
	require.NoError(t, report.Err())
	return report
}

// write writes a file into a folder of the test and returns its name.
func write(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}
