package oracle_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
)

func TestGenerateRepeatsTheHistoryOfASeed(t *testing.T) {
	t.Parallel()

	require.Empty(t, cmp.Diff(oracle.Generate(7, 3), oracle.Generate(7, 3)))
	require.NotEmpty(t, cmp.Diff(oracle.Generate(7, 3).Commands, oracle.Generate(7, 4).Commands))
	require.NotEmpty(t, cmp.Diff(oracle.Generate(7, 3).Commands, oracle.Generate(8, 3).Commands))
}

func TestGeneratedHistoriesReachEveryRule(t *testing.T) {
	t.Parallel()

	const count = 4000
	var tally oracle.Tally
	for i := range uint64(count) {
		history := oracle.Generate(2, i)
		marks, disagreement := oracle.Play(history, newWorld(nil))
		require.Nil(t, disagreement)
		tally.Count(history, marks)
	}

	for _, mark := range oracle.Required() {
		require.GreaterOrEqual(t, tally.Share(mark), 0.1, mark)
	}
	for _, mark := range everyMark() {
		require.Positive(t, tally.Share(mark), mark)
	}
	for _, boundary := range []string{
		"bid at the start",
		"bid at the end",
		"bid at the soft close's window",
		"cancellation at 12 hours before the end",
		"retraction at 12 hours before the end",
		"late retraction at an hour after a bid",
		"retraction at 30 days after another",
	} {
		for _, beyond := range []int{-1, 0, 1} {
			mark := oracle.Mark(fmt.Sprintf("%s %+d µs", boundary, beyond))
			require.Positive(t, tally.Share(mark), mark)
		}
	}
}

// everyMark are the marks of all that can happen to a listing, and of all that a command can be answered with.
func everyMark() []oracle.Mark {
	marks := []oracle.Mark{
		oracle.ByRival, oracle.ByOwnRaise, oracle.NeutralRaise, oracle.CutByCap, oracle.Thaw, oracle.FrozenPastEnd,
		oracle.RetractedAll, oracle.LeaderLost, oracle.ClockSetBack,
	}
	for _, kind := range []oracle.Kind{
		oracle.Publish, oracle.Edit, oracle.Append, oracle.Bid, oracle.BuyNow, oracle.Retract, oracle.CancelBids,
		oracle.CancelListing, oracle.Freeze, oracle.Unfreeze, oracle.Tick,
	} {
		marks = append(marks, oracle.Accepted(kind))
	}
	for _, code := range []string{
		"listing_not_open", "listing_frozen", "listing_not_frozen", "already_published", "listing_has_bids",
		"bidder_not_eligible", "seller_cannot_bid", "not_owner", "not_moderator", "currency_mismatch",
		"amount_malformed", "amount_too_precise", "amount_not_positive", "amount_too_large",
		"not_above_own_maximum", "bid_too_low", "buy_now_unavailable",
		"too_late_to_retract", "too_late_to_cancel", "too_many_retractions", "nothing_to_retract", "nothing_to_cancel",
		oracle.Invalid,
	} {
		marks = append(marks, oracle.Refused(code))
	}
	return marks
}
