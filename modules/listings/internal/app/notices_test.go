package app_test

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	listings "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/memory"
)

// notices are what members were told: stored with the unit of work that tells it, and told in other words as long as the
// mail has not left, and anew afterwards.
type notices struct {
	db    *memory.Database
	clock clock.Clock

	mu      sync.Mutex
	told    map[uuid.UUID]profilesapi.Notice
	most    int // notices in one call
	refused map[uuid.UUID]error
}

func (n *notices) Notify(ctx context.Context, news ...profilesapi.Notice) error {
	tx, err := n.db.Join(ctx)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.most = max(n.most, len(news))
	for _, one := range news {
		if err := n.refused[one.Member]; err != nil {
			return err
		}
		tx.Write(func() { n.tell(one) })
	}
	return nil
}

func (n *notices) tell(one profilesapi.Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	earlier, told := n.told[one.ID]
	switch {
	case !told:
		n.told[one.ID] = one
	case n.clock.Now().Before(earlier.MailAt):
		earlier.Subject, earlier.Text, earlier.At = one.Subject, one.Text, one.At
		n.told[one.ID] = earlier
	case !one.MailAt.IsZero() && one.At.After(earlier.At):
		n.told[uuid.NewSHA1(one.ID, strconv.AppendInt(nil, one.At.UnixMicro(), 10))] = one
	}
}

// refuse makes it impossible to tell the member anything, or possible again.
func (n *notices) refuse(member uuid.UUID, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.refused[member] = err
}

// of returns what the member was told, the oldest first.
func (n *notices) of(member uuid.UUID) []profilesapi.Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	var found []profilesapi.Notice
	for _, one := range n.told {
		if one.Member == member {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b profilesapi.Notice) int {
		if by := a.At.Compare(b.At); by != 0 {
			return by
		}
		return slices.Compare([]byte(a.Kind), []byte(b.Kind))
	})
	return found
}

// everybody returns of what kind the news was, by member.
func (n *notices) everybody() map[uuid.UUID][]profilesapi.NoticeKind {
	n.mu.Lock()
	members := map[uuid.UUID]bool{}
	for one := range maps.Values(n.told) {
		members[one.Member] = true
	}
	n.mu.Unlock()
	found := map[uuid.UUID][]profilesapi.NoticeKind{}
	for member := range members {
		for _, one := range n.of(member) {
			found[member] = append(found[member], one.Kind)
		}
	}
	return found
}

// watchesOver gives the house its watch lists and its notices.
func (h *house) watchesOver(db *memory.Database, store *listings.Store) {
	watches, lists, tellings := listings.NewWatches(store), listings.NewWatchLists(store), listings.NewTellings(store)
	h.notices = &notices{db: db, clock: h.clock, told: map[uuid.UUID]profilesapi.Notice{}, refused: map[uuid.UUID]error{}}
	h.watchLists, h.untold = listings.NewWatchViews(store), listings.NewUntold(store)
	words, soon := app.Words{Zone: time.UTC}, app.EndsSoon(time.Hour)
	h.watch, h.unwatch = app.NewWatchListing(h.market, h.bidders, watches, lists, soon), app.NewUnwatchListing(h.market, watches, lists)
	h.forget = app.NewForgetWatches(watches, lists)
	h.otherWatchers = func(u app.Untold) *app.TellWatchers {
		return app.NewTellWatchers(h.market, watches, u, h.notices, soon, words)
	}
	h.watchers = h.otherWatchers(h.untold)
	h.news = app.NewTellMarket(listings.NewRoll(store), tellings, h.notices, words)
	h.more = app.NewTellBidders(h.market, h.untold, h.news)
}

func (h *house) export() *app.PortableData {
	return app.NewPortableData(h.dealings, h.saleViews, h.watchLists, h.clock)
}

// watches makes the member watch the listing.
func (h *house) watches(listing, member uuid.UUID) time.Time {
	h.t.Helper()
	since, err := h.watch.Do(h.t.Context(), app.WatchListingCommand{Listing: listing, Member: member})
	require.NoError(h.t, err)
	return since
}

// slow is a server that takes time between finding watches, once, and telling them.
type slow struct {
	app.Untold
	found []uuid.UUID
}

func (s *slow) EndingSoon(context.Context, time.Time, time.Time, int) ([]uuid.UUID, error) {
	found := s.found
	s.found = nil
	return found, nil
}

// slowly returns the job of a server that has found these watches before.
func (h *house) slowly(found []uuid.UUID) *app.TellWatchers {
	return h.otherWatchers(&slow{h.untold, found})
}
