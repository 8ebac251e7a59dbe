package verify_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	listingsmemory "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/internal/sqlstore"
	"github.com/gavelhq/gavel/modules/listings/internal/stage"
	"github.com/gavelhq/gavel/modules/listings/internal/verify"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// The connection to the temporary PostgreSQL stays open as long as the test process lives.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"),
	)
}

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// place is a store with a stage on it.
type place struct {
	*stage.Stage
	ledger app.Ledger
	pool   *db.Pool // nil in memory
}

func onMemory() *place {
	database := memory.NewDatabase()
	store := listingsmemory.NewStore(database)
	return newPlace(nil, stage.Ports{
		Work:       uow.New(eventsmemory.NewOutbox(database), uow.Settings{}),
		Listings:   listingsmemory.NewListings(store, app.Message),
		Allowances: listingsmemory.NewAllowances(database),
		Views:      listingsmemory.NewViews(store),
		Ledger:     listingsmemory.NewLedger(store),
		Schedule:   listingsmemory.NewSchedule(store),
	})
}

func onDatabase(pool *db.Pool) *place {
	return newPlace(pool, stage.Ports{
		Work:       uow.New(outbox.NewOutbox(pool), uow.Settings{}),
		Listings:   sqlstore.NewListings(pool, app.Message),
		Allowances: sqlstore.NewAllowances(pool),
		Views:      sqlstore.NewViews(pool),
		Ledger:     sqlstore.NewLedger(pool),
		Schedule:   sqlstore.NewSchedule(pool),
	})
}

func newPlace(pool *db.Pool, ports stage.Ports) *place {
	ports.Clock = clock.NewVirtual(epoch)
	ports.House = app.House{
		Currency: "USD",
		Table:    domain.DefaultTable,
		Digits:   func(code string) (int, bool) { return 2, code == "USD" },
		TableOf:  domain.BuiltInTable,
	}
	return &place{Stage: stage.New(ports), ledger: ports.Ledger, pool: pool}
}

// eachDatabase runs a test on an empty database of each kind.
func eachDatabase(t *testing.T, test func(t *testing.T, p *place)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) { test(t, onDatabase(pool)) }, sqlstore.Migrations(), outbox.Migrations())
}

// member gives everybody an id of his own.
func member(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

func dollars(amount string) domain.Offer { return domain.Offer{Amount: amount, Currency: "USD"} }

// publish puts a listing with a reserve on the market.
func (p *place) publish(t testing.TB, title string) uuid.UUID {
	t.Helper()
	id, err := p.Publish(t.Context(), app.CreateDraftCommand{
		ID:     member("listing " + title),
		Seller: member("seller"),
		Content: domain.Content{
			Title: title, Description: "As good as new.", StartPrice: dollars("10"), Reserve: dollars("15"), Duration: 48 * time.Hour,
		},
	})
	require.NoError(t, err)
	return id
}

func (p *place) bid(ctx context.Context, listing uuid.UUID, bidder, amount string) error {
	_, err := p.PlaceBid.Do(ctx, app.PlaceBidCommand{Listing: listing, Bidder: member(bidder), Maximum: dollars(amount)})
	return err
}

// play puts a listing on the market and lets ten events happen to it: published, opened, four bids of which the last leads
// from then on, an addition to the description, the retraction of two of the bids, and two more. Each listing has bidders
// of its own: nobody may take back bids too often.
func (p *place) play(t testing.TB, title string) uuid.UUID {
	t.Helper()
	id := p.publish(t, title)
	for _, b := range []struct{ bidder, amount string }{{"anna", "20"}, {"bert", "16"}, {"bert", "25.50"}, {"carl", "90"}} {
		require.NoError(t, p.MoveTo(t.Context(), p.Now().Add(time.Minute)))
		require.NoError(t, p.bid(t.Context(), id, title+b.bidder, b.amount))
	}
	require.NoError(t, p.Describe.Do(t.Context(), app.AppendDescriptionCommand{
		Listing: id, By: domain.Actor{ID: member("seller")}, Text: "It has a scratch.",
	}))
	_, err := p.RetractBids.Do(t.Context(), app.RetractBidsCommand{
		Listing: id, Bidder: member(title + "bert"), Reason: domain.ReasonDescriptionChanged,
	})
	require.NoError(t, err)
	require.NoError(t, p.bid(t.Context(), id, title+"dora", "33"))
	require.NoError(t, p.bid(t.Context(), id, title+"anna", "41"))
	return id
}

// lastSeq is the number of events that play leaves.
const lastSeq = 10

func (p *place) verify(t testing.TB, o verify.Options) *verify.Report {
	t.Helper()
	report, err := verify.New(p.ledger).Run(t.Context(), o)
	require.NoError(t, err)
	return report
}

// log returns the state of a listing and its log.
func (p *place) log(t testing.TB, id uuid.UUID) (domain.State, []domain.Event) {
	t.Helper()
	state, err := p.ledger.State(t.Context(), id)
	require.NoError(t, err)
	events, err := p.ledger.Events(t.Context(), id, app.EventRange{})
	require.NoError(t, err)
	return state, events
}

// exec changes the database behind the program's back.
func (p *place) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	require.NoError(t, p.pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		touched, err := tx.Exec(ctx, query, args...)
		if err == nil {
			require.Positive(t, touched, query)
		}
		return err
	}))
}

// while runs fn in a goroutine until the function that it returns is called.
func while(fn func(ctx context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { fn(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}
