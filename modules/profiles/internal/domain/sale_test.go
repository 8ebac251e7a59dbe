package domain_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

func TestASaleChangesOnlyWhenItIsCorrected(t *testing.T) {
	t.Parallel()
	listing, seller, winner, other := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	tests := map[string]struct {
		correct func(*domain.Sale)
		want    domain.SaleState
		changed bool
	}{
		"the same again": {
			func(s *domain.Sale) { s.Correct(seller, winner, noon) },
			domain.SaleState{Seller: seller, Winner: winner, EndedAt: noon},
			false,
		},
		"within the same microsecond": {
			func(s *domain.Sale) { s.Correct(seller, winner, noon.Add(tick-1)) },
			domain.SaleState{Seller: seller, Winner: winner, EndedAt: noon},
			false,
		},
		"another seller": {
			func(s *domain.Sale) { s.Correct(other, winner, noon) },
			domain.SaleState{Seller: other, Winner: winner, EndedAt: noon},
			true,
		},
		"another winner": {
			func(s *domain.Sale) { s.Correct(seller, other, noon) },
			domain.SaleState{Seller: seller, Winner: other, EndedAt: noon},
			true,
		},
		"another end": {
			func(s *domain.Sale) { s.Correct(seller, winner, noon.Add(tick)) },
			domain.SaleState{Seller: seller, Winner: winner, EndedAt: noon.Add(tick)},
			true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := domain.NewSale(listing, seller, winner, noon)
			_, isNew := s.Settle()
			require.True(t, isNew)
			test.correct(s)
			_, changed := s.Settle()
			require.Equal(t, test.changed, changed)
			test.want.ID, test.want.Version = listing, s.Version()
			require.Equal(t, test.want, s.State())
		})
	}
}
