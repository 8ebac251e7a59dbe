package contract

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// winnerCases say who has won what.
var winnerCases = []testCase{
	{"what is sold is won from its end, whether or not its close is stored", soldIsWon},
	{"what was won is read by end and id, in portions, with its marks", wonInPortions},
}

// won returns all that ended within the period and is sold at the instant now.
func (s *subject) won(t *testing.T, from, before, now time.Time, limit int) (all []app.Win) {
	t.Helper()
	wanted := app.WonRange{After: app.WonKey{At: from}, Before: before, Limit: limit}
	for {
		found, err := s.Winners.Won(t.Context(), wanted, now)
		require.NoError(t, err)
		require.LessOrEqual(t, len(found), limit)
		valuetest.RequireUTC(t, found)
		all = append(all, found...)
		if len(found) < limit {
			return all
		}
		wanted.After = found[len(found)-1].Key()
	}
}

func soldIsWon(t *testing.T, s *subject) {
	const us = time.Microsecond
	for name, l := range states(t) {
		state := s.keep(t, l).State
		if state.EndsAt.IsZero() {
			continue // a draft, which is sold at no instant
		}
		of := func(from, before, now time.Time) []app.Win {
			return slices.DeleteFunc(s.won(t, from, before, now, 100), func(w app.Win) bool { return w.Listing != state.ID })
		}
		for _, now := range instantsAround(state) {
			var want []app.Win
			if state.Phase().At(now) == domain.StatusSold {
				want = []app.Win{{
					Listing: state.ID, Title: state.Title, EndedAt: state.EndsAt, Seller: state.Seller, Winner: state.Winner,
					Price: state.Currency.Money(state.FinalPrice),
				}}
				if state.Status != domain.StatusSold {
					want[0].Winner, want[0].Price = state.Standing.Leader.Bidder, state.Currency.Money(state.Standing.Price)
				}
			}
			require.ElementsMatch(t, want, of(state.EndsAt, state.EndsAt.Add(us), now), "%s at %s", name, now)
			require.Empty(t, of(state.EndsAt.Add(us), state.EndsAt.AddDate(1, 0, 0), now), "%s at %s", name, now)
			require.Empty(t, of(state.EndsAt.AddDate(-1, 0, 0), state.EndsAt, now), "%s at %s", name, now)
		}
	}
}

func wonInPortions(t *testing.T, s *subject) {
	seller, buyer := domain.Actor{ID: newID()}, domain.Actor{ID: newID()}
	var want []app.Win
	for i := range 5 {
		l := sold(seller.ID, buyer.ID)
		state := s.keep(t, l).State
		win := app.Win{
			Listing: state.ID, Title: state.Title, EndedAt: state.EndsAt, Seller: seller.ID, Winner: buyer.ID,
			Price: state.Currency.Money(state.FinalPrice),
		}
		if at := l.Now().Add(day); i%2 == 0 {
			s.open(t, l, paid(seller, at), handedOver(seller, at.Add(1)), received(buyer, at.Add(time.Hour)))
			sale := s.sale(t, l.ID())
			win.PaidAt, win.HandedOverAt, win.ReceivedAt = sale.PaidAt, sale.HandedOverAt, sale.ReceivedAt
			require.False(t, win.ReceivedAt.IsZero())
		}
		want = append(want, win)
	}
	slices.SortFunc(want, func(a, b app.Win) int { return slices.Compare(a.Listing[:], b.Listing[:]) })
	end := want[0].EndedAt
	for limit := 1; limit <= len(want)+1; limit++ {
		require.Equal(t, want, s.won(t, end, end.Add(time.Microsecond), end, limit), "limit %d", limit)
	}
}
