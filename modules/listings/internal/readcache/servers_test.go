package readcache_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/readcache"
	"github.com/gavelhq/gavel/modules/listings/internal/sqlstore"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/events"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// server is one of several on a database.
type server struct {
	work     *uow.Work
	listings domain.Repository
	cache    *readcache.Cache
	age      atomic.Int64
}

func serve(pool *db.Pool) *server {
	s := &server{work: uow.New(outbox.NewOutbox(pool), uow.Settings{})}
	views := sqlstore.NewViews(pool)
	s.cache = readcache.New(readcache.Parts{
		Views: views, Showcase: views, Schedule: sqlstore.NewSchedule(pool), AtMost: atMost,
		Elapsed: func() time.Duration { return time.Duration(s.age.Load()) },
	})
	s.listings = s.cache.Watch(sqlstore.NewListings(pool, app.Message))
	return s
}

func (s *server) bids(t *testing.T, id uuid.UUID, viewer domain.Actor) (onItsPage, inTheList int64) {
	t.Helper()
	record, err := s.cache.Listing(t.Context(), id, viewer, now)
	require.NoError(t, err)
	found, err := s.cache.Listings(t.Context(), app.Filter{Seller: record.Seller}, viewer, page.Request{}, now)
	require.NoError(t, err)
	return record.Bids, found.Items[0].Bids
}

// TestTwoServers has a member bid on one server and look on another.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	pool := dbtest.Postgres(t, sqlstore.Migrations(), outbox.Migrations())
	one, other := serve(pool), serve(pool)
	b := builders.Draft().Published()
	lamp := b.ID()
	b.Store(t, one.work, one.listings)
	is := func(t *testing.T, want int64, s *server, viewer domain.Actor) {
		t.Helper()
		onItsPage, inTheList := s.bids(t, lamp, viewer)
		require.Equal(t, want, onItsPage)
		require.Equal(t, want, inTheList)
	}
	member := domain.Actor{ID: builders.ID()}

	is(t, 0, one, guest)
	is(t, 0, other, guest)
	require.NoError(t, one.work.DoShared(t.Context(), bidding(one.listings, lamp, "20"), one.listings.Loads(lamp)))
	is(t, 1, one, guest)
	is(t, 0, other, guest) // for a second at most
	is(t, 1, other, member)
	is(t, 1, other, guest)

	require.NoError(t, one.work.DoShared(t.Context(), bidding(one.listings, lamp, "40"), one.listings.Loads(lamp)))
	is(t, 1, other, guest)
	other.cache.Heard(events.Message{Kind: listingsapi.KindBidPlaced, Aggregate: lamp, Seq: 100})
	is(t, 2, other, guest)

	require.NoError(t, one.work.DoShared(t.Context(), bidding(one.listings, lamp, "60"), one.listings.Loads(lamp)))
	is(t, 2, other, guest)
	other.age.Add(int64(atMost))
	is(t, 3, other, guest)
}
