package listingstest

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

const (
	// startCents is the start price of every lot.
	startCents = 100
	// maxRaise is the most by which a bid exceeds the next minimum that its worker knows of, in cents.
	maxRaise = 500
)

// worker thinks of bids. It knows prices only from the answers that it got.
type worker struct {
	load   Load
	number int
	random *rand.Rand
	placed int
	prices map[uuid.UUID]int64 // next minimum by listing, in cents
}

func newWorker(load Load, number int) *worker {
	return &worker{
		load:   load,
		number: number,
		random: rand.New(rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "load %d, worker %d", load.Seed, number)))),
		prices: map[uuid.UUID]int64{},
	}
}

// next returns the next order. The number of random numbers drawn for each is the same, whatever the prices.
func (w *worker) next() Order {
	listing := w.load.Listings[w.random.IntN(len(w.load.Listings))]
	bidder := named(fmt.Sprintf("bidder %d", w.random.IntN(w.load.Bidders)))
	raise := w.random.Int64N(maxRaise + 1)
	w.placed++
	return Order{
		Listing: listing,
		Bidder:  bidder,
		Cents:   max(startCents, w.prices[listing]) + raise,
		Key:     fmt.Sprintf("%d-%d-%d", w.load.Seed, w.number, w.placed),
	}
}

// learn notes the price that an answer told.
func (w *worker) learn(o Outcome) {
	w.prices[o.Listing] = max(w.prices[o.Listing], o.next)
}

// nextMinimum returns the next minimum that a refusal tells, in cents; 0 if it tells none.
func nextMinimum(err error) int64 {
	told, ok := fault.Of(err).Fields()["next_minimum"].(map[string]string)
	if !ok {
		return 0
	}
	money, err := domain.ParseAmount(told["amount"], domain.Currency{Code: houseCurrency, Digits: 2})
	if err != nil {
		return 0
	}
	return money.Minor
}

// failure is the code of a fault, or all that can be said of what should have been one.
func failure(err error) string {
	if fault.KindOf(err) == fault.Internal {
		return err.Error()
	}
	return fault.CodeOf(err)
}

func dollars(cents int64) string {
	return strconv.FormatInt(cents/100, 10) + fmt.Sprintf(".%02d", cents%100)
}

// named returns the id of a member or a lot, the same for the same name.
func named(name string) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte("gavel trader: "+name)) }
