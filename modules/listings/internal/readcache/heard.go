package readcache

import (
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/events"
)

// Heard takes an event that some server has committed, sooner or later or never, and drops what it has put out of date.
func (c *Cache) Heard(m events.Message) {
	reach := reachOf(m.Kind)
	if c.AtMost <= 0 || reach == 0 || c.echoes.expects(m) {
		return
	}
	c.changed(map[uuid.UUID]extent{m.Aggregate: reach})
}

// reachOf tells how far the change of which an event of the kind tells may reach; 0 for one that no view shows.
func reachOf(kind string) extent {
	switch {
	case !strings.HasPrefix(kind, "listings."), strings.HasPrefix(kind, "listings.sale_"):
		return 0
	case kind == listingsapi.KindBidPlaced:
		return onItsEnd
	default:
		return everywhere
	}
}

// mostEchoes is for how many listings it is remembered what this server has committed.
const mostEchoes = 10_000

// echoes knows what this server has committed itself, and has acted upon when it did: what it hears of that is no news.
type echoes struct {
	mu   sync.Mutex
	last *simplelru.LRU[uuid.UUID, int64] // by listing, the seq of the last event of ours
}

func newEchoes() *echoes {
	last, err := simplelru.NewLRU[uuid.UUID, int64](mostEchoes, nil)
	if err != nil {
		panic(err) // mostEchoes is above 0
	}
	return &echoes{last: last}
}

// expect remembers what was committed about the listing.
func (e *echoes) expect(listing *domain.Listing) {
	e.mu.Lock()
	defer e.mu.Unlock()
	id, seq := listing.ID(), listing.State().Head.Seq
	if last, ok := e.last.Peek(id); ok {
		seq = max(seq, last)
	}
	e.last.Add(id, seq)
}

// expects reports whether the event was committed here, or before something that was.
func (e *echoes) expects(m events.Message) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	last, ok := e.last.Peek(m.Aggregate)
	return ok && m.Seq <= last
}
