package seed

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/stage"
)

// Options say what market to invent.
type Options struct {
	// Seed tells markets apart.
	Seed int64
	// Listings is how many there are to be.
	Listings int
	// Currency is that of all of them.
	Currency domain.Currency
	// Now is when the invented past ends.
	Now time.Time
	// Progress, if not nil, is told how many of how many acts are done.
	Progress func(done, all int)
}

// Plan is a market that has been thought out and not played yet.
type Plan struct {
	options  Options
	acts     []act
	listings []planned
	bids     int // that were accepted
}

// planned is a listing that will be there.
type planned struct {
	id    uuid.UUID
	owner uuid.UUID
}

// act is something that somebody does.
type act struct {
	at time.Time
	do func(ctx context.Context) error
}

// Result says what came of a plan.
type Result struct {
	// Listings and Bids count what there is now; bids that were refused are none.
	Listings int `json:"listings"`
	Bids     int `json:"bids"`
	// Statuses counts the listings by status. Those that are frozen are counted as that.
	Statuses map[string]int `json:"statuses"`
}

// New thinks out a market to be played on a stage. It is the same for the same options.
func New(s *stage.Stage, o Options) *Plan {
	p := &Plan{options: o}
	for number := 0; len(p.listings) < o.Listings; number++ {
		sc := &scene{
			stage:    s,
			plan:     p,
			number:   number,
			random:   rand.New(rand.NewPCG(uint64(o.Seed), uint64(number))), //nolint:gosec // an invented market is no secret
			now:      o.Now,
			currency: o.Currency,
		}
		kinds[number%len(kinds)](sc)
	}
	slices.SortStableFunc(p.acts, func(a, b act) int { return a.at.Compare(b.at) })
	return p
}

// longest is the longest time that an invented market goes back.
const longest = 60 * 24 * time.Hour

// Beginning returns an instant before everything that is planned, for the stage's clock to stand at.
func Beginning(now time.Time) time.Time { return now.Add(-longest) }

// Play plays the plan, until the stage's clock stands at the plan's now. Errors: what an act reports, the context's.
func (p *Plan) Play(ctx context.Context, s *stage.Stage) (Result, error) {
	for i, a := range p.acts {
		if err := s.MoveTo(ctx, a.at); err != nil {
			return Result{}, err
		}
		if err := a.do(ctx); err != nil {
			return Result{}, err
		}
		if p.options.Progress != nil {
			p.options.Progress(i+1, len(p.acts))
		}
	}
	if err := s.MoveTo(ctx, p.options.Now); err != nil {
		return Result{}, err
	}
	return p.look(ctx, s)
}

// frozenStatus is what a frozen listing counts as.
const frozenStatus = "frozen"

// look counts what there is in the end.
func (p *Plan) look(ctx context.Context, s *stage.Stage) (Result, error) {
	result := Result{Listings: len(p.listings), Bids: p.bids, Statuses: map[string]int{}}
	for _, l := range p.listings {
		record, err := s.Views.Listing(ctx, l.id, domain.Actor{ID: l.owner}, s.Now())
		if err != nil {
			return Result{}, fmt.Errorf("look at listing %s: %w", l.id, err)
		}
		status := string(record.Status)
		if record.Frozen {
			status = frozenStatus
		}
		result.Statuses[status]++
	}
	return result, nil
}

// WriteText writes the result for people. Errors: what w reports.
func (r Result) WriteText(w io.Writer) error {
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(r.Statuses)) {
		parts = append(parts, fmt.Sprintf("%d %s", r.Statuses[status], status))
	}
	_, err := fmt.Fprintf(w, "%d listings with %d bids: %s.\n", r.Listings, r.Bids, strings.Join(parts, ", "))
	return err
}

// people are the members, who are the same in every market.
var people = uuid.MustParse("a6d6b5a4-0f0e-5a3c-9c55-1f6f0a9a7a10")

const (
	sellers = 14
	bidders = 45
)

func personNamed(name string) uuid.UUID { return uuid.NewSHA1(people, []byte(name)) }

func seller(i int) uuid.UUID { return personNamed(fmt.Sprintf("seller %d", i)) }

func bidder(i int) uuid.UUID { return personNamed(fmt.Sprintf("bidder %d", i)) }

// moderator keeps the house in order.
var moderator = domain.Actor{ID: personNamed("moderator"), Moderator: true}

// idAt returns an id as it would have been drawn at that instant (UUIDv7).
func idAt(at time.Time, random *rand.Rand) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|random.Uint64()&0x0fff|0x7000)
	binary.BigEndian.PutUint64(id[8:], random.Uint64()&(1<<62-1)|1<<63)
	return id
}
