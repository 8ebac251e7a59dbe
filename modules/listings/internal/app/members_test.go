package app_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// register knows how members stand, to whom, and can be made to fail.
type register struct {
	standings map[uuid.UUID]profilesapi.Standing
	blocked   map[[2]uuid.UUID]bool // by the second
	broken    error
}

func (r register) Standing(_ context.Context, member, other uuid.UUID) (profilesapi.Standing, error) {
	standing := r.standings[member]
	standing.BlockedByOther = r.blocked[[2]uuid.UUID{member, other}]
	return standing, r.broken
}

func TestMembersInGoodStandingTrade(t *testing.T) {
	t.Parallel()
	good, suspended, unverified, seller, rude := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	r := register{
		standings: map[uuid.UUID]profilesapi.Standing{
			good:       {Active: true, Verified: true},
			suspended:  {Verified: true},
			unverified: {Active: true},
		},
		blocked: map[[2]uuid.UUID]bool{{good, rude}: true},
	}
	members := app.NewMembers(r)
	for name, c := range map[string]struct {
		member, seller uuid.UUID
		bids, sells    error
	}{
		"a member in good standing": {good, seller, nil, nil},
		"whom the seller blocked":   {good, rude, domain.ErrBidderNotEligible, nil},
		"who is suspended":          {suspended, seller, domain.ErrBidderNotEligible, domain.ErrSellerNotEligible},
		"who is not verified":       {unverified, seller, domain.ErrBidderNotEligible, domain.ErrSellerNotEligible},
		"who does not exist":        {uuid.New(), seller, domain.ErrBidderNotEligible, domain.ErrSellerNotEligible},
	} {
		require.Equal(t, c.bids, members.MayBid(t.Context(), c.member, c.seller), name)
		require.Equal(t, c.sells, members.MaySell(t.Context(), c.member), name)
	}
	r.broken = errors.New("the database is down")
	members = app.NewMembers(r)
	require.ErrorIs(t, members.MayBid(t.Context(), good, seller), r.broken)
	require.ErrorIs(t, members.MaySell(t.Context(), good), r.broken)
}

func TestPublishingNeedsAGoodStanding(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, other := uuid.New(), uuid.New()
	h.sellers.refused[seller], h.sellers.refused[other] = domain.ErrSellerNotEligible, domain.ErrSellerNotEligible
	id := h.draft(seller, domain.Content{Reserve: usd("5")}) // a draft may be made all the same
	publish := func(who uuid.UUID) func() error {
		return func() error {
			return h.publishing.Do(t.Context(), app.PublishListingCommand{Listing: id, By: by(who), Key: "k"})
		}
	}
	h.unchanged(id, domain.ErrListingNotFound, publish(other))
	h.unchanged(id, domain.ErrSellerNotEligible, publish(seller))
	delete(h.sellers.refused, seller)
	h.unchanged(id, domain.ErrInvalidReserve, publish(seller))
	edit := app.EditListingCommand{Listing: id, By: by(seller), Content: content(domain.Content{})}
	require.NoError(t, h.edit.Do(t.Context(), edit))
	require.NoError(t, publish(seller)())
	h.sellers.refused[seller] = domain.ErrSellerNotEligible
	require.NoError(t, publish(seller)(), "the key is looked up before all else")
	h.unchanged(id, domain.ErrAlreadyPublished, func() error {
		return h.publishing.Do(t.Context(), app.PublishListingCommand{Listing: id, By: by(seller)})
	})
}
