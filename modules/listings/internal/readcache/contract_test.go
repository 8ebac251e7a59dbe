package readcache_test

import (
	"testing"
	"time"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract"
	"github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/internal/readcache"
	"github.com/gavelhq/gavel/modules/listings/internal/sqlstore"
	"github.com/gavelhq/gavel/platform/db"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	platformmemory "github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/platformtest/storetest"
	"github.com/gavelhq/gavel/platform/uow"
)

// ages is how long something is kept here: longer than any test takes.
const ages = time.Hour

func TestContractInMemory(t *testing.T) {
	t.Parallel()
	contract.RunViews(t, func(*testing.T) contract.Store {
		db := platformmemory.NewDatabase()
		store := memory.NewStore(db)
		views, schedule := memory.NewViews(store), memory.NewSchedule(store)
		cache := readcache.New(readcache.Parts{Views: views, Showcase: views, Schedule: schedule, AtMost: ages})
		return contract.Store{
			Work:     uow.New(eventsmemory.NewOutbox(db), uow.Settings{}),
			Listings: cache.Watch(memory.NewListings(store, app.Message)),
			Views:    cache,
			Ledger:   memory.NewLedger(store),
			Schedule: schedule,
		}
	})
}

func TestContract(t *testing.T) {
	t.Parallel()
	schema := []db.Migrations{sqlstore.Migrations(), outbox.Migrations()}
	tables := []string{"listings", "listing_texts", "listing_log", "listing_search", "outbox"}
	storetest.OnEveryDatabase(t, schema, tables, func(t *testing.T, open func(t *testing.T) *db.Pool) {
		contract.RunViews(t, func(t *testing.T) contract.Store {
			pool := open(t)
			views, schedule := sqlstore.NewViews(pool), sqlstore.NewSchedule(pool)
			cache := readcache.New(readcache.Parts{Views: views, Showcase: views, Schedule: schedule, AtMost: ages})
			return contract.Store{
				Work:     uow.New(outbox.NewOutbox(pool), uow.Settings{}),
				Listings: cache.Watch(sqlstore.NewListings(pool, app.Message)),
				Views:    cache,
				Ledger:   sqlstore.NewLedger(pool),
				Schedule: schedule,
			}
		})
	})
}
