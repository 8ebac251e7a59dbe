package readcache_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// gate holds up queries until it is opened.
type gate struct{ entered, opened chan struct{} }

func newGate() *gate { return &gate{entered: make(chan struct{}, 100), opened: make(chan struct{})} }

func (g *gate) pass() {
	g.entered <- struct{}{}
	<-g.opened
}

func (g *gate) before(context.Context) error {
	g.pass()
	return nil
}

// reading is a read that somebody else makes.
type reading struct {
	done   chan struct{}
	record app.ListingRecord
	err    error
}

func (h *house) readAside(ctx context.Context, id [16]byte, viewer domain.Actor) *reading {
	r := &reading{done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.record, r.err = h.cache.Listing(ctx, id, viewer, now)
	}()
	return r
}

// TestSharedQueries plays what happens at the same time, in a bubble in which "everybody waits" can be seen.
func TestSharedQueries(t *testing.T) {
	t.Parallel()

	t.Run("who asks the same at the same time shares one query", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := open(t, true)
			lamp := h.keep(builders.Draft().Published())
			g := newGate()
			h.store.hold(g.before, nil)
			var readings []*reading
			asked := h.asks(func() {
				for range 20 {
					readings = append(readings, h.readAside(t.Context(), lamp, guest))
				}
				synctest.Wait()
				close(g.opened)
				for _, r := range readings {
					<-r.done
					require.NoError(t, r.err)
					require.Equal(t, lamp, r.record.ID)
				}
			})
			require.EqualValues(t, 1, asked)
			require.Zero(t, h.cache.Kept().Asking)
		})
	})

	t.Run("a member of several servers is told nothing that was read before he asked, and shares what is read after", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := open(t, true)
			lamp := h.keep(builders.Draft().Published())
			g := newGate()
			h.store.hold(nil, g.pass) // it has seen no bid, and is slow to say so
			first := h.readAside(t.Context(), lamp, guest)
			synctest.Wait()
			require.NoError(t, h.bid(h.elsewhere, lamp, "20"))
			var members []*reading
			asked := h.asks(func() {
				for range 20 {
					members = append(members, h.readAside(t.Context(), lamp, domain.Actor{ID: builders.ID()}))
				}
				synctest.Wait()
				close(g.opened)
				<-first.done
				for _, m := range members {
					<-m.done
					require.NoError(t, m.err)
					require.EqualValues(t, 1, m.record.Bids)
				}
			})
			require.Zero(t, first.record.Bids)
			require.EqualValues(t, 1, asked, "one for all of them")
		})
	})

	t.Run("a read that began before a commit is not kept after it", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := open(t, false)
			lamp := h.keep(builders.Draft().Published())
			g := newGate()
			h.store.hold(nil, g.pass)
			before := h.readAside(t.Context(), lamp, guest)
			synctest.Wait()
			require.NoError(t, h.bid(h.listings, lamp, "20"))
			close(g.opened)
			<-before.done
			require.EqualValues(t, 1, h.asks(func() { require.EqualValues(t, 1, h.read(lamp, guest).Bids) }))
		})
	})

	t.Run("a read that began before a commit is not told to who asks after it", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := open(t, false)
			lamp := h.keep(builders.Draft().Published())
			g := newGate()
			h.store.hold(nil, g.pass)
			before := h.readAside(t.Context(), lamp, guest)
			synctest.Wait()
			require.NoError(t, h.bid(h.listings, lamp, "20"))
			after := h.readAside(t.Context(), lamp, guest)
			synctest.Wait()
			close(g.opened)
			<-before.done
			<-after.done
			require.Zero(t, before.record.Bids, "which is right: it asked before the bid was answered")
			require.EqualValues(t, 1, after.record.Bids)
			require.Zero(t, h.asks(func() { require.EqualValues(t, 1, h.read(lamp, guest).Bids) }))
		})
	})

	t.Run("a page that was read while something changed on it is not kept, and one on which nothing has is", func(t *testing.T) {
		t.Parallel()
		for title, want := range map[string]int64{"Lamp": 1, "Chair": 0} {
			synctest.Test(t, func(t *testing.T) {
				h := open(t, false)
				lamp := h.keep(builders.Draft().Titled("Lamp").Published())
				h.keep(builders.Draft().Titled("Chair").Published())
				g := newGate()
				h.store.hold(nil, g.pass)
				filter := app.Filter{Words: title}
				read := make(chan struct{})
				go func() {
					defer close(read)
					_, err := h.cache.Listings(t.Context(), filter, guest, page.Request{}, now)
					assertNoError(t, err)
				}()
				synctest.Wait()
				require.NoError(t, h.bid(h.listings, lamp, "20"))
				close(g.opened)
				<-read
				require.Equal(t, want, h.asks(func() { h.list(filter, now, guest) }), title)
			})
		}
	})

	t.Run("that somebody leaves who asks, or who waits, fails nobody else", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := open(t, true)
			lamp := h.keep(builders.Draft().Published())
			g := newGate()
			h.store.hold(func(ctx context.Context) error {
				g.pass()
				return ctx.Err()
			}, nil)
			ctx, leave := context.WithCancel(t.Context())
			asks := h.readAside(ctx, lamp, guest)
			synctest.Wait()
			waits, stays := h.readAside(ctx, lamp, guest), h.readAside(t.Context(), lamp, guest)
			synctest.Wait()
			leave()
			<-waits.done
			require.ErrorIs(t, waits.err, context.Canceled)
			close(g.opened)
			<-stays.done
			require.NoError(t, stays.err)
			<-asks.done
			require.NoError(t, asks.err)
		})
	})

	t.Run("a query that fails is told to those who wait, and not kept", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := open(t, false)
			lamp := h.keep(builders.Draft().Published())
			g, broken := newGate(), errors.New("the database is gone")
			h.store.hold(func(context.Context) error {
				g.pass()
				return broken
			}, nil)
			a := h.readAside(t.Context(), lamp, guest)
			b := h.readAside(t.Context(), lamp, guest)
			synctest.Wait()
			close(g.opened)
			<-a.done
			<-b.done
			require.ErrorIs(t, a.err, broken)
			require.ErrorIs(t, b.err, broken)
			h.store.hold(nil, nil)
			h.read(lamp, guest)
		})
	})

	t.Run("a query that panics leaves nobody waiting", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := open(t, false)
			lamp := h.keep(builders.Draft().Published())
			g := newGate()
			h.store.hold(func(context.Context) error {
				g.pass()
				panic("a mistake of ours")
			}, nil)
			var panicked atomic.Bool
			go func() {
				defer func() { panicked.Store(recover() != nil) }()
				_, _ = h.cache.Listing(t.Context(), lamp, guest, now)
			}()
			synctest.Wait()
			waits := h.readAside(t.Context(), lamp, guest)
			synctest.Wait()
			close(g.opened)
			<-waits.done
			require.Error(t, waits.err)
			synctest.Wait()
			require.True(t, panicked.Load())
			h.store.hold(nil, nil)
			h.read(lamp, guest)
		})
	})

	t.Run("a query ends by its patience, whoever waits for it", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := open(t, true)
			lamp := h.keep(builders.Draft().Published())
			h.store.hold(func(ctx context.Context) error {
				<-ctx.Done()
				return ctx.Err()
			}, nil)
			begun := time.Now()
			a := h.readAside(t.Context(), lamp, domain.Actor{ID: builders.ID()})
			synctest.Wait()
			b := h.readAside(t.Context(), lamp, domain.Actor{ID: builders.ID()})
			<-a.done
			<-b.done
			require.ErrorIs(t, a.err, context.DeadlineExceeded)
			require.ErrorIs(t, b.err, context.DeadlineExceeded)
			require.Equal(t, 20*time.Second, time.Since(begun), "by the clock of the bubble")
		})
	})
}

// assertNoError is for goroutines, which must not end the test.
func assertNoError(t *testing.T, err error) {
	if err != nil {
		t.Error(err)
	}
}
