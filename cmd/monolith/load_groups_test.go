//go:build bench

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/test/load"
)

// series are the rounds of one number of clients on one store.
type series struct {
	engine, floor []load.Result
	checked       []checked
}

// scenario plays one on its stores, PostgreSQL in turn with pgbench.
func (b *bench) scenario(name string) {
	b.t.Helper()
	all, err := load.Scenarios()
	require.NoError(b.t, err)
	s, known := all[name]
	require.True(b.t, known, "there is no scenario %s", name)
	for _, store := range load.Stores() {
		if len(s.Stores[store]) == 0 {
			continue
		}
		h := b.house(store, "market")
		found := b.playRounds(s, h)
		for _, clients := range s.Stores[store] {
			b.note(s, h, clients, found[clients])
		}
		if store == load.Postgres && b.floor != nil && len(s.Floor) > 0 {
			b.compare(s, h, found)
		}
	}
}

// playRounds plays every number of clients once a round.
func (b *bench) playRounds(s load.Scenario, h *loadHouse) map[int]*series {
	b.t.Helper()
	all := map[int]*series{}
	stalls := b.stalls(s, h)
	numbers := s.Stores[h.store]
	_, _ = stalls().play(s, numbers[len(numbers)-1], b.lasts()/4) // prepares statements, and warms up
	for round := range b.rounds {
		for _, clients := range numbers {
			if all[clients] == nil {
				all[clients] = &series{}
			}
			this := all[clients]
			engine := func() {
				result, found := stalls().play(s, clients, b.lasts())
				this.engine, this.checked = append(this.engine, result), append(this.checked, found)
			}
			floor := func() {}
			if h.store == load.Postgres && b.floor != nil && len(s.Floor) > 0 {
				floor = func() { this.floor = append(this.floor, b.playFloor(s.Floor, clients)) }
			}
			inTurn(round, engine, floor)
			b.say(s, h.store, clients, this)
		}
	}
	return all
}

// stalls returns what each round is played on: a listing of its own where all bid on one, because its log would grow and
// grow; else the same listings.
func (b *bench) stalls(s load.Scenario, h *loadHouse) func() *fair {
	if s.Listings == 1 {
		return func() *fair { return h.publish(1) }
	}
	f := b.stallsOf(h, s.Listings)
	return func() *fair { return f }
}

// stallsOf returns so many listings of a house, put on the market when they are first asked for.
func (b *bench) stallsOf(h *loadHouse, listings int) *fair {
	b.t.Helper()
	if h.fairs[listings] == nil {
		h.fairs[listings] = h.publish(listings)
	}
	return h.fairs[listings]
}

// say prints the latest round.
func (b *bench) say(s load.Scenario, store string, clients int, rounds *series) {
	e := rounds.engine[len(rounds.engine)-1]
	text := fmt.Sprintf("%-8s %-8s %4d: engine %6.0f/s p50 %6.2f p99 %7.2f ms, %4.0f µs CPU, %.1f %% overtaken", s.Name, store, clients,
		e.Rate, e.P50.Seconds()*1e3, e.P99.Seconds()*1e3, e.CPU.Seconds()*1e6, overtaken(rounds.engine[len(rounds.engine)-1:]))
	if len(rounds.floor) > 0 {
		f := rounds.floor[len(rounds.floor)-1]
		text += fmt.Sprintf("; pgbench %5.0f/s p50 %6.2f p99 %7.2f ms, %4.0f µs CPU; %.2f times",
			f.Rate, f.P50.Seconds()*1e3, f.P99.Seconds()*1e3, f.CPU.Seconds()*1e6, e.Rate/f.Rate)
	}
	fmt.Println(text)
}

// overtaken is the share of bids that were, in percent.
func overtaken(rounds []load.Result) float64 {
	lost, bids := 0, 0
	for _, r := range rounds {
		lost, bids = lost+r.Count[load.Overtaken], bids+r.Count[load.Bid]
	}
	return 100 * float64(lost) / float64(max(1, lost+bids))
}

// note keeps what the rounds came to.
func (b *bench) note(s load.Scenario, h *loadHouse, clients int, rounds *series) {
	b.t.Helper()
	run := load.Run{
		Scenario: s.Name, Store: h.store, Clients: clients, Engine: load.PaceOf(rounds.engine),
		Overtaken: load.Rounded(overtaken(rounds.engine)), Durability: h.durability(), Origin: b.origin,
	}
	for _, c := range rounds.checked {
		run.Verified, run.Logged = run.Verified+c.logs, run.Logged+c.bids
	}
	if len(rounds.floor) > 0 {
		floor := load.PaceOf(rounds.floor)
		run.Floor = &floor
	}
	b.report.Runs[run.Name()] = run
}

// compare notes the ratios to pgbench that are promised of a scenario.
func (b *bench) compare(s load.Scenario, h *loadHouse, found map[int]*series) {
	b.t.Helper()
	rate := load.Result.Pace
	switch s.Name {
	case "hot":
		b.ratio("hot_128", "bids/s", h, of(found[128].engine, rate), of(found[128].floor, rate))
		engine, floor := make([]float64, b.rounds), make([]float64, b.rounds)
		for _, clients := range s.Stores[h.store] {
			for i := range b.rounds {
				engine[i] = max(engine[i], found[clients].engine[i].Rate)
				floor[i] = max(floor[i], found[clients].floor[i].Rate)
			}
		}
		b.ratio("hot_best", "bids/s", h, engine, floor)
		p99 := func(r load.Result) float64 { return r.P99.Seconds() * 1e3 }
		b.ratio("hot_p99", "ms", h, of(found[128].engine, p99), of(found[128].floor, p99))
	case "uniform":
		for _, clients := range s.Stores[h.store] {
			b.ratio(fmt.Sprintf("uniform_%d", clients), "bids/s", h, of(found[clients].engine, rate), of(found[clients].floor, rate))
		}
		b.ratio("cpu_uniform_32", "µs", h, of(found[32].engine, cpu), of(found[32].floor, cpu))
	}
}

func cpu(r load.Result) float64 { return r.CPU.Seconds() * 1e6 }

func of(rounds []load.Result, figure func(load.Result) float64) []float64 {
	all := make([]float64, len(rounds))
	for i, r := range rounds {
		all[i] = figure(r)
	}
	return all
}

// ratio notes and prints one.
func (b *bench) ratio(key, unit string, h *loadHouse, engine, floor []float64) {
	b.t.Helper()
	r, err := load.NewRatio(key, unit, engine, floor, b.origin, h.durability())
	require.NoError(b.t, err)
	b.report.Ratios[key] = r
	fmt.Printf("== %s: %.4g (%.4g to %.4g), must %.4g, aim %.4g\n", key, r.Median, r.Min, r.Max, r.Must, r.Aim)
}

const (
	longBids   = 100_000 // the log of a long listing
	shortBids  = 10      // that of a short one
	crowdCount = 32      // clients of the figures of CPU and of reads
)

// longListing compares what a bid costs on a listing with a long log with what it costs on one with a short log.
func (b *bench) longListing() {
	b.t.Helper()
	h := b.house(load.Postgres, "market")
	hot := load.Scenario{Name: "long", Listings: 1, Distribution: load.One}
	long := h.publish(1)
	long.fill(longBids)
	var longs, shorts []float64
	for round := range b.rounds {
		inTurn(round, func() {
			r, _ := long.play(hot, crowdCount, b.lasts())
			longs = append(longs, cpu(r))
		}, func() {
			short := h.publish(1)
			short.fill(shortBids)
			r, _ := short.play(hot, crowdCount, b.lasts())
			shorts = append(shorts, cpu(r))
		})
	}
	b.ratio("cpu_long_listing", "µs", h, longs, shorts)
}

// fill places bids before the rounds, all in few units of work.
func (f *fair) fill(bids int) {
	f.h.t.Helper()
	maxima := make([]int64, bids)
	for i := range maxima {
		maxima[i] = 100 * f.maxima[0].Add(raise)
	}
	f.filled += int64(bids)
	require.NoError(f.h.t, f.h.filler.Fill(f.h.t.Context(), f.ids[0], maxima))
}

const (
	manyCount = 1_000_000
	fewCount  = 1000
)

// manyListings compares what a bid costs in a house with very many listings with what it costs in one with few.
func (b *bench) manyListings() {
	b.t.Helper()
	uniform := func(n int) load.Scenario { return load.Scenario{Name: "many", Listings: n, Distribution: load.Uniform} }
	h, large := b.house(load.Postgres, "few"), b.house(load.Postgres, "many")
	few, many := h.publish(fewCount), large.publishMany(manyCount)
	var manies, fews []float64
	for round := range b.rounds {
		inTurn(round, func() {
			r, _ := many.play(uniform(manyCount), crowdCount, b.lasts())
			manies = append(manies, cpu(r))
		}, func() {
			r, _ := few.play(uniform(fewCount), crowdCount, b.lasts())
			fews = append(fews, cpu(r))
		})
	}
	b.ratio("cpu_many_listings", "µs", h, manies, fews)
}

// publishMany publishes in portions and forgets the events, which nobody waits for and which are as large as all the rest.
func (h *loadHouse) publishMany(n int) *fair {
	h.t.Helper()
	const portion = 50_000
	var ids []uuid.UUID
	for len(ids) < n {
		ids = append(ids, h.publish(min(portion, n-len(ids))).ids...)
		runSQL(h.t, h.url, "TRUNCATE outbox")
		fmt.Printf("many: %d listings are on the market\n", len(ids))
	}
	return newFair(h, ids)
}

// grouped compares SQLite as it is with one bid a commit.
func (b *bench) grouped() {
	b.t.Helper()
	const listings, clients = 10_000, 128
	uniform := load.Scenario{Name: "grouped", Listings: listings, Distribution: load.Uniform}
	h := b.house(load.SQLite, "grouped")
	alone := openLoadHouse(b.t, b.cluster, load.SQLite, "alone", passive, fx.Decorate(func(s uow.Settings) uow.Settings {
		s.Together = 1
		return s
	}))
	together, single := h.publish(listings), alone.publish(listings)
	var grouped, oneByOne []load.Result
	for round := range b.rounds {
		inTurn(round, func() {
			r, _ := together.play(uniform, clients, b.lasts())
			grouped = append(grouped, r)
		}, func() {
			r, _ := single.play(uniform, clients, b.lasts())
			oneByOne = append(oneByOne, r)
		})
	}
	require.NotEmpty(b.t, alone.durability())
	b.ratio("sqlite_grouped", "bids/s", h, of(grouped, load.Result.Pace), of(oneByOne, load.Result.Pace))
}

// reads compares reading a listing, and a first page, with pgbench's selects.
func (b *bench) reads() {
	b.t.Helper()
	if b.floor == nil {
		return
	}
	const listings, page = 10_000, 20
	h := b.house(load.Postgres, "market")
	f := b.stallsOf(h, listings)
	one := func(ctx context.Context, _ int) (load.Kind, error) {
		return load.Looking, h.visitor.Look(ctx, f.ids[rand.IntN(len(f.ids))])
	}
	first := func(ctx context.Context, _ int) (load.Kind, error) {
		n, err := h.visitor.Browse(ctx, page)
		if err == nil && n != page {
			err = errors.New("the page is not full")
		}
		return load.Looking, err
	}
	b.readers("get_one", "get_one.pgb", h, one)
	b.readers("get_page", "get_page.pgb", h, first)
}

func (b *bench) readers(key, script string, h *loadHouse, act func(context.Context, int) (load.Kind, error)) {
	b.t.Helper()
	rounds := &series{}
	for round := range b.rounds {
		inTurn(round, func() {
			spent := h.cpuTime()
			r, err := load.Play(b.t.Context(), crowdCount, b.lasts(), act)
			require.NoError(b.t, err)
			r.Spend(h.cpuTime() - spent)
			rounds.engine = append(rounds.engine, r)
		}, func() { rounds.floor = append(rounds.floor, b.playFloor([]string{script}, crowdCount)) })
		b.say(load.Scenario{Name: key}, h.store, crowdCount, rounds)
	}
	b.note(load.Scenario{Name: key}, h, crowdCount, rounds)
	b.ratio(key, "reads/s", h, of(rounds.engine, load.Result.Pace), of(rounds.floor, load.Result.Pace))
}
