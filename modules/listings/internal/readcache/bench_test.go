package readcache_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/readcache"
	"github.com/gavelhq/gavel/modules/listings/internal/sqlstore"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// BenchmarkReads reads one listing and the first page of twenty, kept and not.
func BenchmarkReads(b *testing.B) {
	for name, open := range map[string]func(testing.TB, ...db.Migrations) *db.Pool{
		"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres,
	} {
		b.Run(name, func(b *testing.B) {
			pool := open(b, sqlstore.Migrations(), outbox.Migrations())
			lamp := market(b, pool, 100)
			views := sqlstore.NewViews(pool)
			parts := readcache.Parts{Views: views, Showcase: views, Schedule: sqlstore.NewSchedule(pool), AtMost: time.Second}
			question := app.Filter{Statuses: []domain.Status{domain.StatusOpen}}
			for kept, from := range map[string]app.Views{"asked": views, "kept": readcache.New(parts)} {
				for read, do := range map[string]func(ctx context.Context) error{
					"listing": func(ctx context.Context) error {
						_, err := from.Listing(ctx, lamp, domain.Actor{}, now)
						return err
					},
					"page": func(ctx context.Context) error {
						_, err := from.Listings(ctx, question, domain.Actor{}, page.Request{Limit: 20}, now)
						return err
					},
				} {
					b.Run(fmt.Sprintf("%s/%s", read, kept), func(b *testing.B) {
						b.ReportAllocs()
						before := pool.Stats()
						for b.Loop() {
							require.NoError(b, do(b.Context()))
						}
						b.ReportMetric(float64(pool.Stats().Since(before).Statements)/float64(b.N), "statements/op")
					})
				}
			}
		})
	}
}

// market stores so many listings, each with a bid, and returns one of them.
func market(b *testing.B, pool *db.Pool, n int) (lamp uuid.UUID) {
	b.Helper()
	work := uow.New(outbox.NewOutbox(pool), uow.Settings{})
	listings := sqlstore.NewListings(pool, app.Message)
	for range n {
		lamp = uuid.New()
		seller := domain.Command{ID: builders.ID(), Actor: domain.Actor{ID: builders.ID()}}
		l, err := domain.NewDraft(lamp, seller.Actor.ID, builders.USD, domain.Content{
			Title: "Brass lamp", Description: "A lamp of brass.", StartPrice: domain.Offer{Amount: "1", Currency: "USD"},
			Duration: 24 * time.Hour, Table: domain.RestoreIncrementTable("flat:1", []domain.IncrementRow{{From: 1, Increment: 100}}),
		}, builders.Epoch)
		require.NoError(b, err)
		require.NoError(b, l.Publish(seller, domain.Secret{1}, builders.Epoch))
		require.NoError(b, work.Do(b.Context(), func(ctx context.Context) error { return listings.Add(ctx, l) }))
		require.NoError(b, work.Do(b.Context(), bidding(listings, lamp, "20")))
	}
	return lamp
}
