package readcache

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// extent says how far a change of a listing reaches.
type extent int

const (
	onItself   extent = iota + 1 // it shows on the listing, wherever that is shown
	onItsEnd                     // its end has moved to later as well
	everywhere                   // it may be on other lists than before
)

// tooMany is how many listings may change during a query before it is no longer worth remembering which.
const tooMany = 1000

// changed drops what is no longer so of the listings that have changed. What is being read now may or may not have seen it, so
// it is not told to anybody who asks from now on.
func (c *Cache) changed(listings map[uuid.UUID]extent) {
	if len(listings) == 0 {
		return
	}
	c.dropListings(listings)
	c.pages.drop(listings)
}

func (c *Cache) dropListings(changed map[uuid.UUID]extent) {
	d := c.listings
	d.mu.Lock()
	defer d.mu.Unlock()
	for id := range changed {
		d.kept.Remove(id)
		if t := d.asking[id]; t != nil {
			t.running.stale, t.running.all = true, true
		}
	}
}

func (p *pages) drop(changed map[uuid.UUID]extent) {
	p.mu.Lock()
	defer p.mu.Unlock()
	farthest := onItself
	for id, reach := range changed {
		farthest = max(farthest, reach)
		p.takeDownAll(p.on[id])
	}
	switch farthest {
	case onItsEnd:
		p.takeDownAll(p.late)
	case everywhere:
		p.kept.Purge()
	}
	for q, t := range p.asking {
		t.running.stale = true
		t.running.all = t.running.all || farthest == everywhere || farthest == onItsEnd && q.sort == app.SortEndedLast ||
			len(t.running.touched)+len(changed) > tooMany
		if !t.running.all {
			t.running.touched = slices.AppendSeq(t.running.touched, maps.Keys(changed))
		}
	}
}

// takeDownAll drops these pages.
func (p *pages) takeDownAll(pages map[question]struct{}) {
	for q := range pages {
		p.kept.Remove(q)
	}
}

// stamp is what of a listing tells how far a change reaches.
type stamp struct {
	version, bids           int64
	status                  domain.Status
	frozen, led, reserveMet bool
	ends                    time.Time
}

func stampOf(l *domain.Listing) stamp {
	s := l.State()
	return stamp{
		version: s.Version, bids: s.Bids, status: s.Status, frozen: s.Frozen, led: s.Standing.HasLeader(),
		reserveMet: s.Standing.ReserveMet, ends: s.EndsAt,
	}
}

// reach tells how far the change from one stamp to a later one of the same listing reaches; 0 for no change that anybody sees.
// A bid makes a listing leave lists, but puts it on none, unless it moves the end.
func (s stamp) reach(later stamp) extent {
	switch {
	case s.version == later.version, later.status == domain.StatusDraft:
		return 0
	case later.bids == s.bids, later.status != s.status, later.frozen != s.frozen, s.led && !later.led, s.reserveMet && !later.reserveMet,
		later.ends.Before(s.ends):
		return everywhere
	case later.ends.After(s.ends):
		return onItsEnd
	default:
		return onItself
	}
}
