package contract

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// saleCases say how sales are counted.
var saleCases = []testCase{
	{"what members have won and sold is shown with each of them", figuresShown},
	{"figures stay when a member is deleted", figuresOfDeleted},
	{"figures follow a sale that is corrected", figuresCorrected},
	{"sales of people who are no members show nobody", salesOfStrangers},
}

// sell stores the sale of a new listing and returns its id.
func (s *subject) sell(t *testing.T, seller, winner uuid.UUID) uuid.UUID {
	t.Helper()
	listing := newID()
	s.must(t, func(ctx context.Context) error {
		return s.Sales.Add(ctx, domain.NewSale(listing, seller, winner, noon))
	})
	s.sold = append(s.sold, listing)
	return listing
}

// figures are what members have won and sold, by handle.
type figures map[string][2]int

// requireFigures fails unless the list, walked page by page, and the page of each member show those figures.
func (s *subject) requireFigures(t *testing.T, want figures) {
	t.Helper()
	listed := figures{}
	request := page.Request{Limit: 2}
	for {
		p, err := s.Views.Members(t.Context(), app.MemberFilter{}, request)
		require.NoError(t, err)
		for _, m := range p.Items {
			listed[m.Handle] = [2]int{m.AuctionsWon, m.AuctionsSold}
			byID, err := s.Views.Member(t.Context(), m.ID)
			require.NoError(t, err)
			require.Equal(t, m, byID)
			byHandle, err := s.Views.MemberByHandle(t.Context(), m.Handle)
			require.NoError(t, err)
			require.Equal(t, m, byHandle)
		}
		if p.Next == "" {
			break
		}
		request.Cursor = p.Next
	}
	require.Equal(t, want, listed)
}

func figuresShown(t *testing.T, s *subject) {
	seller, winner := s.register(t, registration{handle: "seller"}), s.register(t, registration{handle: "winner"})
	both := s.register(t, registration{handle: "both"})
	s.register(t, registration{handle: "neither"})
	s.requireFigures(t, figures{"seller": {0, 0}, "winner": {0, 0}, "both": {0, 0}, "neither": {0, 0}})
	s.sell(t, seller, winner)
	s.sell(t, seller, winner)
	s.sell(t, seller, both)
	s.sell(t, both, winner)
	s.requireFigures(t, figures{"seller": {0, 3}, "winner": {3, 0}, "both": {1, 1}, "neither": {0, 0}})
}

func figuresOfDeleted(t *testing.T, s *subject) {
	seller, winner := s.register(t, registration{handle: "seller"}), s.register(t, registration{handle: "winner"})
	s.sell(t, seller, winner)
	for _, id := range []uuid.UUID{seller, winner} {
		s.change(t, id, func(a *domain.Account) error { return a.Delete(noon) })
	}
	s.requireFigures(t, figures{"seller": {0, 1}, "winner": {1, 0}})
}

func figuresCorrected(t *testing.T, s *subject) {
	seller, winner := s.register(t, registration{handle: "seller"}), s.register(t, registration{handle: "winner"})
	other := s.register(t, registration{handle: "other"})
	listing := s.sell(t, seller, winner)
	s.must(t, func(ctx context.Context) error {
		sale, err := s.Sales.Get(ctx, listing)
		if err != nil {
			return err
		}
		sale.Correct(seller, other, noon)
		return nil
	})
	s.requireFigures(t, figures{"seller": {0, 1}, "winner": {0, 0}, "other": {1, 0}})
	s.must(t, func(ctx context.Context) error { return s.Sales.Remove(ctx, listing) })
	s.requireFigures(t, figures{"seller": {0, 0}, "winner": {0, 0}, "other": {0, 0}})
}

func salesOfStrangers(t *testing.T, s *subject) {
	s.register(t, registration{handle: "neither"})
	s.sell(t, newID(), newID())
	s.requireFigures(t, figures{"neither": {0, 0}})
}
