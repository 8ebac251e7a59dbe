package listings

import (
	"context"
	"io"
	"time"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
	"github.com/gavelhq/gavel/modules/listings/internal/replay"
	"github.com/gavelhq/gavel/modules/listings/internal/seed"
	"github.com/gavelhq/gavel/modules/listings/internal/stage"
	"github.com/gavelhq/gavel/modules/listings/internal/verify"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/uow"
)

// What the program's commands do with listings beside serving them.

// CollectStores is a constructor for fx: it gathers what the graph has put behind the ports.
func CollectStores(
	l domain.Repository, allowances domain.RetractionAllowances, views app.Views, ledger app.Ledger, schedule app.Schedule,
	dealings app.Dealings, sales domain.Sales, saleViews app.SaleViews,
) Stores {
	return Stores{
		Listings: l, Allowances: allowances, Views: views, Ledger: ledger, Schedule: schedule, Dealings: dealings, Sales: sales,
		SaleViews: saleViews,
	}
}

// CommandAnswer is what a command found out, for people and, as JSON, for programs.
type CommandAnswer interface {
	// WriteText writes it for people. Errors: what w reports.
	WriteText(w io.Writer) error
}

// The types of replays.
type (
	// Recording is a file that can be replayed: recorded auctions in the public eBay layout, or worked examples of the
	// rules.
	Recording = replay.File
	// ReplayOptions say how.
	ReplayOptions = replay.Options
	// ReplayReserve says which hidden reserve the recorded auctions get.
	ReplayReserve = replay.Reserve
	// ReplayResult says what came of it.
	ReplayResult = replay.Result
)

// The reserves.
const (
	ReserveNone     = replay.ReserveNone
	ReserveRecorded = replay.ReserveRecorded
)

// ReadRecording reads a file for Replay. Errors: what is wrong with the file, in one line that names it.
func ReadRecording(name string, skipBadRows bool) (Recording, error) {
	return replay.Read(name, skipBadRows)
}

// Replay plays a recording in stores that are empty, through the use cases, on a clock of its own; everyone may bid. It
// depends on no configuration. Errors: a store that does not answer, the context's; what comes out otherwise than recorded
// is in the result.
func Replay(ctx context.Context, stores Stores, work *uow.Work, recording Recording, o ReplayOptions) (ReplayResult, error) {
	house := app.House{
		Currency: "USD",
		Table:    domain.DefaultTable,
		Digits:   digits,
		TableOf:  domain.BuiltInTable,
	}
	dayBefore := replay.Epoch.Add(-24 * time.Hour)
	return replay.Run(ctx, newStage(stores, work, house, clock.NewVirtual(dayBefore)), recording, o)
}

func newStage(stores Stores, work *uow.Work, house app.House, c *clock.Virtual) *stage.Stage {
	return stage.New(stage.Ports{
		Work:       work,
		Listings:   stores.Listings,
		Allowances: stores.Allowances,
		Views:      stores.Views,
		Ledger:     stores.Ledger,
		Schedule:   stores.Schedule,
		House:      house,
		Clock:      c,
	})
}

// The types of verifications.
type (
	// Verifier checks the logs of all listings.
	Verifier = verify.Verifier
	// VerifyOptions say what to compare with, and what to keep.
	VerifyOptions = verify.Options
	// VerifyReport says what was found.
	VerifyReport = verify.Report
	// SavedHeads are heads of logs that were saved earlier.
	SavedHeads = publiclog.Heads
)

// NewVerifier is a constructor for fx: it returns the verifier of the logs in the module's store.
func NewVerifier(ledger app.Ledger) *Verifier { return verify.New(ledger) }

// VerifyPublicLog checks a public log that somebody downloaded. Errors: what is no public log, what r or SaveTo reports;
// what is wrong with the log is in the report.
func VerifyPublicLog(r io.Reader, o VerifyOptions) (*VerifyReport, error) { return verify.File(r, o) }

// ReadHeads reads heads that a verification saved. Errors: a file that holds no heads, or not all of them; what r reports.
func ReadHeads(r io.Reader) (SavedHeads, error) { return publiclog.ReadHeads(r) }

// The types of invented markets.
type (
	// SeedOptions say what market to invent. Currency and Now are the caller's to leave out.
	SeedOptions = seed.Options
	// SeedResult says what there is then.
	SeedResult = seed.Result
)

// Seeder invents a market in the module's stores.
type Seeder struct {
	stores Stores
	work   *uow.Work
	house  app.House
	clock  clock.Clock
}

// NewSeeder is a constructor for fx; the invented past ends at what the clock says when the Seeder runs.
func NewSeeder(stores Stores, work *uow.Work, house app.House, c clock.Clock) *Seeder {
	return &Seeder{stores: stores, work: work, house: house, clock: c}
}

// Run fills the stores, which must be empty, through the use cases. Errors: what the stores report, the context's; what was
// done until then stays.
func (s *Seeder) Run(ctx context.Context, o SeedOptions) (SeedResult, error) {
	var err error
	if o.Currency, err = currencyOf(s.house.Currency); err != nil {
		return SeedResult{}, err
	}
	o.Now = s.clock.Now()
	played := newStage(s.stores, s.work, s.house, clock.NewVirtual(seed.Beginning(o.Now)))
	return seed.New(played, o).Play(ctx, played)
}
