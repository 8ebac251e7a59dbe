package contract

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// marketSize is how many listings a random market has.
const marketSize = 60

// sellers are few, so that each has several listings.
var sellers = []uuid.UUID{builders.ID(), builders.ID(), builders.ID(), builders.Moderator.ID}

// vocabulary is what titles and descriptions are made of; searches are made of pieces of it.
var vocabulary = []string{
	"Brass", "BRASSERIE", "lamp", "Lampshade", "été", "naïve", "茶碗", "茶", "O'Neil", "AND", "C3PO", "50%", "Straße", "İznik", "🏺",
}

// operators are what query languages of full-text indexes and SQL understand.
var operators = []string{`"`, "*", "AND", "OR", "NOT", "NEAR(", ":", "'", "%", "_", "-", "^", "\\", "&", "|", "!", "<->", "(", ")", ";"}

// marketAskedAtRandom fills a market and compares what a view lists, page by page, with what it should list.
func marketAskedAtRandom(t *testing.T, s *subject, seed int) {
	market := rapid.SliceOfN(rapid.Custom(anyListing), marketSize, marketSize).Example(seed)
	s.storeAll(t, market)
	var states []domain.State
	for _, l := range market {
		made := l.Make(t)
		requireSameState(t, made.State, s.state(t, l.ID()))
		states = append(states, made.State)
	}
	rapid.Check(t, func(r *rapid.T) {
		filter, viewer, now := anyFilter(r, states), anyViewer(r), anyInstant(r, states)
		limit := rapid.IntRange(1, marketSize+1).Draw(r, "limit")
		want := expectedList(states, filter, viewer, now)
		request := page.Request{Limit: limit}
		for {
			p, err := s.Views.Listings(t.Context(), filter, viewer, request, now)
			require.NoError(r, err)
			size := min(limit, len(want))
			require.Equal(r, idsOf(want[:size]), idsOf(p.Items))
			for i, item := range p.Items {
				valuetest.RequireSame(r, want[i], item, "item")
			}
			want = want[size:]
			if p.Next == "" {
				break
			}
			require.NotEmpty(r, want, "a page that nothing follows has no cursor")
			request.Cursor = p.Next
		}
		require.Empty(r, want, "listings that no page shows")
	})
	rapid.Check(t, func(r *rapid.T) { s.checkDue(t, r, states) })
}

// anyListing draws a listing of any shape. Few different instants make equal keys common; ids are drawn too, so that
// their order is not that of creation.
func anyListing(r *rapid.T) *builders.Listing {
	var id uuid.UUID
	copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(r, "id"))
	l := builders.Draft().WithID(id).
		By(rapid.SampledFrom(sellers).Draw(r, "seller")).
		At(builders.Epoch.Add(time.Duration(rapid.IntRange(0, 3).Draw(r, "created")) * time.Hour)).
		Titled("Lot " + someWords(r, "title")).Described(someWords(r, "description")).
		Lasting(time.Duration(rapid.IntRange(1, 4).Draw(r, "duration")) * day)
	c := rapid.SampledFrom([]domain.Currency{builders.USD, builders.JPY, builders.KWD}).Draw(r, "currency")
	l.In(c, "10")
	if rapid.Bool().Draw(r, "reserve") {
		l.WithReserve("50")
	}
	if rapid.Bool().Draw(r, "buy now") {
		l.WithBuyNow("60")
	}
	return live(r, l)
}

// live draws what becomes of a draft.
func live(r *rapid.T, l *builders.Listing) *builders.Listing {
	const weeks = 30 * day
	ends := []func(){
		func() {},
		func() { l.Starting(time.Hour).Published() },
		func() { l.Starting(time.Hour).Published().After(time.Hour).Opened() },
		func() { l.Published() },
		func() { l.Published().BidBy(builders.ID(), "20") },
		func() { l.Published().BidBy(builders.ID(), "70").BidBy(builders.ID(), "80") },
		func() { l.Published().Appended("More: " + someWords(r, "addition")) },
		func() { l.Starting(time.Hour).Published().Frozen() },
		func() { l.Published().BidBy(builders.ID(), "20").Frozen() },
		func() { l.Published().BidBy(builders.ID(), "20").Cancelled() },
		func() { l.Published().After(weeks).Closed() },
		func() { l.Published().BidBy(builders.ID(), "70").After(weeks).Closed() },
		func() { l.Published().BidBy(builders.ID(), "20").After(weeks).Closed() },
	}
	rapid.SampledFrom(ends).Draw(r, "life")()
	return l
}

func someWords(r *rapid.T, label string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 5).Draw(r, label), " ")
}

func anyFilter(r *rapid.T, states []domain.State) app.Filter {
	f := app.Filter{Sort: rapid.SampledFrom(append(orders, "")).Draw(r, "sort")}
	if rapid.Bool().Draw(r, "by seller") {
		f.Seller = rapid.SampledFrom(sellers).Draw(r, "seller")
	}
	if rapid.Bool().Draw(r, "by status") {
		f.Statuses = rapid.SliceOfN(rapid.SampledFrom([]domain.Status{
			domain.StatusDraft, domain.StatusScheduled, domain.StatusOpen, domain.StatusSold,
			domain.StatusUnsoldNoBids, domain.StatusUnsoldReserve, domain.StatusCancelled, "unheard_of",
		}), 1, 4).Draw(r, "statuses")
	}
	if rapid.Bool().Draw(r, "by words") {
		f.Words = strings.Join(rapid.SliceOfN(rapid.Custom(searchTerm), 1, 3).Draw(r, "words"), " ")
	}
	if rapid.Bool().Draw(r, "by currency") {
		f.Currency = rapid.SampledFrom([]string{"USD", "JPY", "KWD", "EUR", "usd"}).Draw(r, "currency")
	}
	if rapid.Bool().Draw(r, "by earliest end") {
		f.EndsAfter = anyInstant(r, states)
	}
	if rapid.Bool().Draw(r, "by latest end") {
		f.EndsBefore = anyInstant(r, states)
	}
	f.BuyNow = rapid.IntRange(0, 3).Draw(r, "to be bought") == 0
	return f
}

// searchTerm draws the beginning of a word, an operator, or both.
func searchTerm(r *rapid.T) string {
	word := []rune(rapid.SampledFrom(vocabulary).Draw(r, "word"))
	term := string(word[:rapid.IntRange(1, len(word)).Draw(r, "letters")])
	operator := rapid.SampledFrom(operators).Draw(r, "operator")
	return rapid.SampledFrom([]string{term, strings.ToUpper(term), operator + term, term + operator, operator}).Draw(r, "term")
}

func anyViewer(r *rapid.T) domain.Actor {
	viewer := domain.Actor{ID: rapid.SampledFrom(append(sellers, uuid.Nil)).Draw(r, "viewer")}
	viewer.Moderator = viewer == domain.Actor{ID: builders.Moderator.ID}
	return viewer
}

// anyInstant draws an instant at which something changes, or one beside it.
func anyInstant(r *rapid.T, states []domain.State) time.Time {
	return rapid.SampledFrom(instantsAround(rapid.SampledFrom(states).Draw(r, "around"))).Draw(r, "instant")
}
