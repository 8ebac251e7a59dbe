package app_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// TestKeysMakeCommandsSafeToRepeat repeats every command that takes a key, at a time when it would be refused were it
// judged anew, and then asks for something else under the same key.
func TestKeysMakeCommandsSafeToRepeat(t *testing.T) {
	t.Parallel()
	const key app.Key = "a key"
	// Each prepares a listing and returns a command on it and another one under the same key.
	commands := map[string]func(h *house) (id uuid.UUID, command, other func() (any, error)){
		"publish": func(h *house) (uuid.UUID, func() (any, error), func() (any, error)) {
			seller := uuid.New()
			id, second := h.draft(seller, domain.Content{}), h.draft(seller, domain.Content{})
			publish := func(id uuid.UUID) func() (any, error) {
				return func() (any, error) {
					return nil, h.publishing.Do(h.t.Context(), app.PublishListingCommand{Listing: id, By: by(seller), Key: key})
				}
			}
			return id, publish(id), publish(second)
		},
		"append to the description": func(h *house) (uuid.UUID, func() (any, error), func() (any, error)) {
			seller := uuid.New()
			id := h.publish(seller, domain.Content{})
			describe := func(text string) func() (any, error) {
				return func() (any, error) {
					return nil, h.describe.Do(h.t.Context(), app.AppendDescriptionCommand{Listing: id, By: by(seller), Text: text, Key: key})
				}
			}
			return id, describe("red"), describe("blue")
		},
		"place a bid": func(h *house) (uuid.UUID, func() (any, error), func() (any, error)) {
			id, bidder := h.publish(uuid.New(), domain.Content{}), uuid.New()
			bid := func(maximum string) func() (any, error) {
				return func() (any, error) {
					return h.placeBid.Do(h.t.Context(), app.PlaceBidCommand{Listing: id, Bidder: bidder, Maximum: usd(maximum), Key: key})
				}
			}
			return id, bid("20"), bid("21")
		},
		"buy": func(h *house) (uuid.UUID, func() (any, error), func() (any, error)) {
			id, second := h.publish(uuid.New(), domain.Content{BuyNow: usd("50")}), h.publish(uuid.New(), domain.Content{BuyNow: usd("50")})
			buyer := uuid.New()
			buy := func(id uuid.UUID) func() (any, error) {
				return func() (any, error) {
					return h.buyNow.Do(h.t.Context(), app.BuyNowCommand{Listing: id, Buyer: buyer, Key: key})
				}
			}
			return id, buy(id), buy(second)
		},
		"retract": func(h *house) (uuid.UUID, func() (any, error), func() (any, error)) {
			id, bidder := h.publish(uuid.New(), domain.Content{}), uuid.New()
			h.bid(id, bidder, "20")
			retract := func(reason domain.RetractReason) func() (any, error) {
				return func() (any, error) {
					return h.retract.Do(h.t.Context(), app.RetractBidsCommand{Listing: id, Bidder: bidder, Reason: reason, Key: key})
				}
			}
			return id, retract(domain.ReasonWrongAmount), retract(domain.ReasonSellerUnreachable)
		},
		"cancel bids": func(h *house) (uuid.UUID, func() (any, error), func() (any, error)) {
			seller, bidder := uuid.New(), uuid.New()
			id := h.publish(seller, domain.Content{})
			h.bid(id, bidder, "20")
			cancel := func(bidder uuid.UUID) func() (any, error) {
				return func() (any, error) {
					return h.cancelBids.Do(h.t.Context(), app.CancelBidsCommand{Listing: id, By: by(seller), Bidder: bidder, Reason: "no money", Key: key})
				}
			}
			return id, cancel(bidder), cancel(uuid.New())
		},
		"cancel a listing": func(h *house) (uuid.UUID, func() (any, error), func() (any, error)) {
			id := h.publish(uuid.New(), domain.Content{})
			cancel := func(reason string) func() (any, error) {
				return func() (any, error) {
					return nil, h.cancel.Do(h.t.Context(), app.CancelListingCommand{Listing: id, By: moderator, Reason: reason, Key: key})
				}
			}
			return id, cancel("stolen"), cancel("broken")
		},
		"freeze": func(h *house) (uuid.UUID, func() (any, error), func() (any, error)) {
			id := h.publish(uuid.New(), domain.Content{})
			freeze := func(reason string) func() (any, error) {
				return func() (any, error) {
					return nil, h.freeze.Do(h.t.Context(), app.FreezeListingCommand{Listing: id, By: moderator, Reason: reason, Key: key})
				}
			}
			return id, freeze("stolen"), freeze("broken")
		},
		"unfreeze": func(h *house) (uuid.UUID, func() (any, error), func() (any, error)) {
			id := h.publish(uuid.New(), domain.Content{})
			require.NoError(h.t, h.freeze.Do(h.t.Context(), app.FreezeListingCommand{Listing: id, By: moderator, Reason: "stolen"}))
			unfreeze := func(reason string) func() (any, error) {
				return func() (any, error) {
					return nil, h.unfreeze.Do(h.t.Context(), app.UnfreezeListingCommand{Listing: id, By: moderator, Reason: reason, Key: key})
				}
			}
			return id, unfreeze("found"), unfreeze("mended")
		},
	}
	for name, prepare := range commands {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			id, command, other := prepare(h)
			first, err := command()
			require.NoError(t, err)
			state, messages := h.state(id), len(h.outbox.Messages())

			h.clock.Advance(60 * 24 * time.Hour) // everything is over, and would be refused
			again, err := command()
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(first, again), "the answer of then")
			_, err = other()
			require.ErrorIs(t, err, domain.ErrIdempotencyConflict)
			require.Equal(t, state.Head, h.state(id).Head)
			require.Len(t, h.outbox.Messages(), messages)
		})
	}
}

func TestKeysAreOfOneMemberAndOneOperation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := uuid.New(), uuid.New()
	id := h.publish(uuid.New(), domain.Content{})
	bid := func(bidder uuid.UUID, maximum string) error {
		_, err := h.placeBid.Do(t.Context(), app.PlaceBidCommand{Listing: id, Bidder: bidder, Maximum: usd(maximum), Key: "1"})
		return err
	}
	require.NoError(t, bid(first, "20"))
	require.NoError(t, bid(second, "30"))
	_, err := h.retract.Do(t.Context(), app.RetractBidsCommand{Listing: id, Bidder: first, Reason: domain.ReasonWrongAmount, Key: "1"})
	require.NoError(t, err)
	require.EqualValues(t, 2, h.state(id).Bids)
}

func TestARefusalIsNotRemembered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id, bidder := h.publish(uuid.New(), domain.Content{}), uuid.New()
	bid := func() error {
		_, err := h.placeBid.Do(t.Context(), app.PlaceBidCommand{Listing: id, Bidder: bidder, Maximum: usd("20"), Key: "1"})
		return err
	}
	h.bidders.refused[bidder] = domain.ErrBidderNotEligible
	require.ErrorIs(t, bid(), domain.ErrBidderNotEligible)
	delete(h.bidders.refused, bidder)
	require.NoError(t, bid(), "it is judged anew")
}

func TestAKeyHasALimit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.publish(uuid.New(), domain.Content{})
	bid := func(length int) error {
		_, err := h.placeBid.Do(t.Context(), app.PlaceBidCommand{
			Listing: id, Bidder: uuid.New(), Maximum: usd("20"), Key: app.Key(strings.Repeat("k", length)),
		})
		return err
	}
	require.NoError(t, bid(255))
	require.ErrorIs(t, bid(256), app.ErrInvalidKey)
}

func TestAStoreThatFailsFailsTheCommand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.publish(uuid.New(), domain.Content{})
	h.bidders.refused[moderator.ID] = errors.New("the members' store is down")
	h.unchanged(id, h.bidders.refused[moderator.ID], func() error {
		_, err := h.placeBid.Do(t.Context(), app.PlaceBidCommand{Listing: id, Bidder: moderator.ID, Maximum: usd("20")})
		return err
	})
}
