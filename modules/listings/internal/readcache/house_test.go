package readcache_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/internal/readcache"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	platformmemory "github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// The connection to the temporary PostgreSQL stays open as long as the test process lives.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"),
	)
}

// now is when it is, unless a case says otherwise.
var now = builders.Epoch.Add(time.Hour)

// guest is a viewer who is nobody.
var guest domain.Actor

// house is a market in memory behind a cache.
type house struct {
	t         *testing.T
	work      *uow.Work
	listings  domain.Repository // which the cache watches
	elsewhere domain.Repository // which it does not: another server's
	store     *store
	cache     *readcache.Cache
	age       atomic.Int64 // what has elapsed, in nanoseconds
}

const atMost = time.Second

func open(t *testing.T, shared bool) *house {
	t.Helper()
	db := platformmemory.NewDatabase()
	kept := memory.NewStore(db)
	h := &house{
		t: t, work: uow.New(eventsmemory.NewOutbox(db), uow.Settings{}), elsewhere: memory.NewListings(kept, app.Message),
		store: &store{Views: memory.NewViews(kept), shared: shared},
	}
	h.cache = readcache.New(readcache.Parts{
		Views: h.store.Views, Showcase: h.store, Schedule: memory.NewSchedule(kept), AtMost: atMost,
		Elapsed: func() time.Duration { return time.Duration(h.age.Load()) },
	})
	h.listings = h.cache.Watch(h.elsewhere)
	return h
}

// passes lets time pass, but not by the clock.
func (h *house) passes(d time.Duration) { h.age.Add(int64(d)) }

func (h *house) keep(l *builders.Listing) uuid.UUID {
	h.t.Helper()
	l.Store(h.t, h.work, h.listings)
	return l.ID()
}

// read returns the listing as the viewer sees it.
func (h *house) read(id uuid.UUID, viewer domain.Actor) app.ListingRecord {
	h.t.Helper()
	record, err := h.cache.Listing(h.t.Context(), id, viewer, now)
	require.NoError(h.t, err)
	return record
}

// seq returns the position of the listing's last event.
func (h *house) seq(id uuid.UUID) int64 {
	h.t.Helper()
	state, err := h.store.Views.State(h.t.Context(), id)
	require.NoError(h.t, err)
	return state.Head.Seq
}

// openAt lists what is open at the instant, as the viewer sees it.
func (h *house) openAt(at time.Time, viewer domain.Actor) []uuid.UUID {
	h.t.Helper()
	return h.list(app.Filter{Statuses: []domain.Status{domain.StatusOpen}}, at, viewer)
}

func (h *house) list(filter app.Filter, at time.Time, viewer domain.Actor) []uuid.UUID {
	h.t.Helper()
	found, err := h.cache.Listings(h.t.Context(), filter, viewer, page.Request{}, at)
	require.NoError(h.t, err)
	ids := make([]uuid.UUID, len(found.Items))
	for i, s := range found.Items {
		ids[i] = s.ID
	}
	return ids
}

// bid places a bid through the repository: this server's, or another's.
func (h *house) bid(through domain.Repository, listing uuid.UUID, maximum string) error {
	h.t.Helper()
	return h.work.DoShared(h.t.Context(), bidding(through, listing, maximum), through.Loads(listing))
}

func bidding(through domain.Repository, listing uuid.UUID, maximum string) func(context.Context) error {
	return func(ctx context.Context) error {
		l, err := through.Get(ctx, listing)
		if err != nil {
			return err
		}
		by := domain.Command{ID: builders.ID(), Actor: domain.Actor{ID: builders.ID()}}
		_, err = l.PlaceBid(by, domain.Offer{Amount: maximum, Currency: "USD"}, nil, now)
		return err
	}
}

// store is an app.Showcase that counts what it is asked, and can be held up.
type store struct {
	*memory.Views
	shared      bool
	asked       atomic.Int64
	mu          sync.Mutex
	beforeReads func(ctx context.Context) error // called in each query, before it looks
	afterReads  func()                          // and after it has looked, before it answers
}

func (s *store) Shared() bool { return s.shared }

// hold has each query call the functions, which may be nil.
func (s *store) hold(before func(ctx context.Context) error, after func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.beforeReads, s.afterReads = before, after
}

func (s *store) State(ctx context.Context, id uuid.UUID) (state domain.State, err error) {
	err = s.query(ctx, func() { state, err = s.Views.State(ctx, id) }, &err)
	return state, err
}

func (s *store) States(
	ctx context.Context, filter app.Filter, viewer domain.Actor, request page.Request, at time.Time,
) (found page.Of[domain.State], err error) {
	err = s.query(ctx, func() { found, err = s.Views.States(ctx, filter, viewer, request, at) }, &err)
	return found, err
}

func (s *store) query(ctx context.Context, look func(), looked *error) error {
	s.asked.Add(1)
	s.mu.Lock()
	before, after := s.beforeReads, s.afterReads
	s.mu.Unlock()
	if before != nil {
		if err := before(ctx); err != nil {
			return err
		}
	}
	look()
	if after != nil {
		after()
	}
	return *looked
}

// asks returns how many queries something has made.
func (h *house) asks(something func()) int64 {
	before := h.store.asked.Load()
	something()
	return h.store.asked.Load() - before
}
