package oracle_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
)

// scene is a world with one listing, published at the epoch; times count from there.
type scene struct {
	world *oracle.World
	terms oracle.Terms
}

// newScene publishes a listing, for two days and in dollars from 10.00 where the terms do not say otherwise.
func newScene(terms oracle.Terms) scene {
	terms.Title, terms.Table = "A lamp", oracle.Table{Preset: "ebay-us-classic"}
	terms.Starts, terms.Ends = terms.Starts+epoch, terms.Ends+epoch
	if terms.Ends == epoch {
		terms.Ends = epoch + 2*oracle.Day
	}
	if terms.Currency == "" {
		terms.Currency = "USD"
	}
	if terms.Start == 0 {
		terms.Start = 10_00
	}
	s := scene{world: oracle.NewWorld(), terms: terms}
	s.world.Do(oracle.Command{At: epoch, Kind: oracle.Publish, Actor: oracle.Seller, Terms: terms})
	return s
}

func (s scene) bid(at int64, bidder, amount string) oracle.Answer {
	return s.world.Do(oracle.Command{
		At: epoch + at, Kind: oracle.Bid, Actor: bidder, Amount: amount, Currency: s.terms.Currency,
	})
}

func (s scene) do(at int64, kind oracle.Kind, actor string) string {
	return s.world.Do(oracle.Command{At: epoch + at, Kind: kind, Actor: actor}).Result
}

func (s scene) ends() int64 { return s.world.View(0, epoch).Ends - epoch }

func TestFrozenListingWaits(t *testing.T) {
	t.Parallel()

	s := newScene(oracle.Terms{})
	s.bid(0, "A", "20.00")
	require.Equal(t, oracle.Done, s.do(oracle.Day, oracle.Freeze, oracle.Moderator))
	require.Equal(t, "listing_frozen", s.bid(oracle.Day+1, "B", "30.00").Result)
	require.Equal(t, "listing_frozen", s.do(oracle.Day+1, oracle.Retract, "A"))

	past := 3 * oracle.Day
	s.do(past, oracle.Tick, "")
	require.Equal(t, oracle.Open, s.world.View(0, epoch+past).State, "the end passing does not close it")

	require.Equal(t, oracle.Done, s.do(past, oracle.Unfreeze, oracle.Moderator))
	require.Equal(t, past+oracle.Day, s.ends())
	require.Equal(t, oracle.Leading, s.bid(past+oracle.Day-1, "B", "30.00").Result)
	require.Equal(t, "listing_not_open", s.bid(past+oracle.Day, "A", "50.00").Result)
}

func TestUnfreezingLeavesAnEndThatIsFarEnough(t *testing.T) {
	t.Parallel()

	s := newScene(oracle.Terms{})
	s.do(0, oracle.Freeze, oracle.Moderator)
	require.Equal(t, oracle.Done, s.do(oracle.Day, oracle.Unfreeze, oracle.Moderator))
	require.Equal(t, 2*oracle.Day, s.ends())
}

func TestExtensionIsCappedFromTheEndThatUnfreezingGave(t *testing.T) {
	t.Parallel()

	soft := oracle.SoftClose{Window: oracle.Minute, Extension: oracle.Minute, Cap: oracle.Minute}
	s := newScene(oracle.Terms{Ends: oracle.Hour, Soft: soft})
	s.do(0, oracle.Freeze, oracle.Moderator)
	s.do(0, oracle.Unfreeze, oracle.Moderator)
	require.Equal(t, oracle.Day, s.ends())

	require.Equal(t, oracle.Leading, s.bid(oracle.Day-1, "A", "10.00").Result)
	require.Equal(t, oracle.Day-1+oracle.Minute, s.ends())
	require.Equal(t, oracle.Leading, s.bid(oracle.Day+oracle.Second, "B", "30.00").Result)
	require.Equal(t, oracle.Day+oracle.Minute, s.ends())
}

func TestModeratorCancelsAFrozenListingPastItsEnd(t *testing.T) {
	t.Parallel()

	s := newScene(oracle.Terms{})
	s.bid(0, "A", "20.00")
	s.do(0, oracle.Freeze, oracle.Moderator)
	require.Equal(t, "too_late_to_cancel", s.do(3*oracle.Day, oracle.CancelListing, oracle.Seller))
	require.Equal(t, oracle.Cancelled, s.do(3*oracle.Day, oracle.CancelListing, oracle.Moderator))
	require.Equal(t, "listing_not_open", s.bid(3*oracle.Day, "B", "30.00").Result)
}

func TestFourthRetractionInThirtyDaysIsRefusedOnAnyListing(t *testing.T) {
	t.Parallel()

	s := newScene(oracle.Terms{Ends: 30 * oracle.Day})
	later := s.terms
	later.Starts, later.Ends = epoch+20*oracle.Day, epoch+50*oracle.Day
	s.world.Do(oracle.Command{At: epoch, Listing: 1, Kind: oracle.Publish, Actor: oracle.Seller, Terms: later})
	on := func(listing int, at int64, kind oracle.Kind) string {
		return s.world.Do(oracle.Command{
			At: epoch + at, Listing: listing, Kind: kind, Actor: "A", Amount: "20.00", Currency: "USD",
		}).Result
	}

	for at := range int64(3) {
		require.Equal(t, oracle.Leading, on(0, at, oracle.Bid))
		require.Equal(t, oracle.Retracted, on(0, at, oracle.Retract))
	}
	require.Equal(t, oracle.Leading, on(1, 29*oracle.Day, oracle.Bid))
	require.Equal(t, "too_many_retractions", on(1, 30*oracle.Day-1, oracle.Retract))
	require.Equal(t, oracle.Retracted, on(1, 30*oracle.Day, oracle.Retract))
}
