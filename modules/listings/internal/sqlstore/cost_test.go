package sqlstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/uow"
)

// bid returns a command that places a bid of that many minor units.
func bid(s contract.Store, listing uuid.UUID, minor int64) uow.Command {
	by := domain.Command{ID: builders.ID(), Actor: domain.Actor{ID: builders.ID()}}
	offer := domain.Offer{Amount: builders.USD.Money(minor).Decimal(), Currency: "USD"}
	return uow.Command{
		Run: func(ctx context.Context) error {
			l, err := s.Listings.Get(ctx, listing)
			if err != nil {
				return err
			}
			_, err = l.PlaceBid(by, offer, nil, builders.Epoch.Add(time.Hour))
			return err
		},
		Hints: []uow.Hint{s.Listings.Loads(listing), uow.CommandID(by.ID)},
	}
}

// spent runs a command and returns what it asked of the database.
func spent(t *testing.T, pool *db.Pool, s contract.Store, commands ...uow.Command) db.Stats {
	t.Helper()
	before := pool.Stats()
	for _, err := range s.Work.DoAll(t.Context(), commands) {
		require.NoError(t, err)
	}
	return pool.Stats().Since(before)
}

func TestStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		s := newStore(pool)
		lamp := builders.Draft().Published()
		lamp.Store(t, s.Work, s.Listings)
		require.NoError(t, s.Work.Do(t.Context(), bid(s, lamp.ID(), 1_000_00).Run)) // prepares the statements

		t.Run("a bid that shares units costs PostgreSQL one statement, and SQLite three, BEGIN and COMMIT", func(t *testing.T) {
			share := func(minor int64) error {
				c := bid(s, lamp.ID(), minor)
				return s.Work.DoShared(t.Context(), c.Run, c.Hints...)
			}
			require.NoError(t, share(1_200_00)) // prepares
			want := db.Stats{Statements: 1, RoundTrips: 1, Transactions: 1, Commits: 1}
			if pool.Dialect() == db.SQLite {
				want.Statements, want.RoundTrips = 3, 5
			}
			before := pool.Stats()
			require.NoError(t, share(1_500_00))
			require.Equal(t, want, pool.Stats().Since(before))
		})

		t.Run("one that is refused is verified with one statement", func(t *testing.T) {
			for range 2 { // the first one prepares
				c := bid(s, lamp.ID(), 1)
				before := pool.Stats()
				require.ErrorIs(t, s.Work.DoShared(t.Context(), c.Run, c.Hints...), domain.ErrBidTooLow)
				require.EqualValues(t, 1, pool.Stats().Since(before).Statements)
			}
		})

		t.Run("in a unit of its own it is read and locked first", func(t *testing.T) {
			want := db.Stats{Statements: 2, RoundTrips: 4, Transactions: 1, Commits: 1}
			if pool.Dialect() == db.SQLite {
				want.Statements, want.RoundTrips = 4, 6
			}
			require.Equal(t, want, spent(t, pool, s, bid(s, lamp.ID(), 2_000_00)))
		})

		t.Run("a hundred bids in one unit are read at once, and cost PostgreSQL no more round trips than one", func(t *testing.T) {
			chair := builders.Draft().Published()
			chair.Store(t, s.Work, s.Listings)
			var bids []uow.Command
			for i := range int64(50) {
				bids = append(bids, bid(s, lamp.ID(), 10_000_00+i*1_000_00), bid(s, chair.ID(), 10_000_00+i*1_000_00))
			}
			spent(t, pool, s, bid(s, lamp.ID(), 5_000_00), bid(s, chair.ID(), 5_000_00)) // prepares
			want := db.Stats{Statements: 2, RoundTrips: 4, Transactions: 1, Commits: 1}
			if pool.Dialect() == db.SQLite { // one statement a row, which is a call and no round trip
				want.Statements, want.RoundTrips = 1+2+100+100, 1+2+100+100+2
			}
			require.Equal(t, want, spent(t, pool, s, bids...))
		})

		t.Run("to hear that a bid has taken the lead costs one, beside what the notice does", func(t *testing.T) {
			messages := s.Messages(t)
			taken := messages[len(messages)-1]
			told := &told{}
			tell := app.NewTellMarket(s.Roll, s.Tellings, told, app.Words{Zone: time.UTC})
			cost := spent(t, pool, s, uow.Command{Run: func(ctx context.Context) error { return tell.Do(ctx, taken) }})
			require.EqualValues(t, 1, cost.Statements)
			require.Equal(t, 1, told.notices)
		})

		t.Run("reading costs one", func(t *testing.T) {
			cost := spent(t, pool, s, uow.Command{Run: func(ctx context.Context) error {
				_, err := s.Listings.Get(ctx, lamp.ID())
				return err
			}})
			require.EqualValues(t, 1, cost.Statements)
		})
	}, schema...)
}

// told counts what is told.
type told struct{ notices int }

func (n *told) Notify(_ context.Context, all ...profilesapi.Notice) error {
	n.notices += len(all)
	return nil
}

// BenchmarkBid places bids, one per unit of work, on a listing with few bids and with many.
func BenchmarkBid(b *testing.B) {
	for name, open := range map[string]func(testing.TB, ...db.Migrations) *db.Pool{
		"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres,
	} {
		b.Run(name, func(b *testing.B) {
			pool := open(b, schema...)
			s := newStore(pool)
			seller := domain.Command{ID: builders.ID(), Actor: domain.Actor{ID: builders.ID()}}
			lamp, err := domain.NewDraft(builders.ID(), seller.Actor.ID, builders.USD, domain.Content{
				Title: "Brass lamp", StartPrice: domain.Offer{Amount: "0.01", Currency: "USD"}, Duration: 24 * time.Hour,
				Table: domain.RestoreIncrementTable("flat:0.01", []domain.IncrementRow{{From: 1, Increment: 1}}),
			}, builders.Epoch)
			require.NoError(b, err)
			require.NoError(b, lamp.Publish(seller, domain.Secret{1}, builders.Epoch))
			require.NoError(b, s.Work.Do(b.Context(), func(ctx context.Context) error { return s.Listings.Add(ctx, lamp) }))
			minor := int64(1)
			b.ReportAllocs()
			before := pool.Stats()
			for b.Loop() {
				minor += 2
				c := bid(s, lamp.ID(), minor)
				require.NoError(b, s.Work.Do(b.Context(), c.Run, c.Hints...))
			}
			cost := pool.Stats().Since(before)
			b.ReportMetric(float64(cost.Statements)/float64(b.N), "statements/op")
			b.ReportMetric(float64(cost.RoundTrips)/float64(b.N), "roundtrips/op")
		})
	}
}
