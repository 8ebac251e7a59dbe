package domain_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// auditAll requires that the log proves the state: the chain holds, replaying gives the state byte for byte, and the
// public log verifies with the head alone.
func auditAll(t testingT, a *auction) {
	t.Helper()
	state := a.state()
	audit := domain.NewAudit(state)
	for _, e := range a.log {
		require.NoError(t, audit.Next(e))
	}
	require.NoError(t, audit.End())

	replayed, err := domain.Replay(state.Secret, a.log)
	require.NoError(t, err)
	require.Equal(t, domain.EncodeState(state), domain.EncodeState(replayed))
	require.Empty(t, cmp.Diff(state, replayed))

	chain := domain.NewChain(state.ID)
	for _, e := range domain.PublicLog(state, a.log) {
		require.NoError(t, chain.NextPublic(e))
	}
	require.NoError(t, chain.End(state.Head))
}

func TestReplayGivesTheStoredStateByteForByte(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := randomAuction(t)
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			_ = randomStep(t, a)
		}
		auditAll(t, a)
	})
}

func TestStandingIsThePureFunctionOfTheLiveBids(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := randomAuction(t)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			_ = randomStep(t, a)
			s := a.state()
			rules := domain.PriceRules{Start: s.Terms.StartPrice, Reserve: s.Terms.Reserve, Table: s.Terms.Table}
			require.Equal(t, domain.Price(rules, a.live()), s.Standing)
		}
	})
}

func TestRefusalsChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := randomAuction(t)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			before, events := domain.EncodeState(a.state()), len(a.log)
			if err := randomStep(t, a); err != nil {
				require.Equal(t, before, domain.EncodeState(a.state()))
				require.Len(t, a.log, events)
			}
		}
	})
}

func TestSnapshotsAreIndependent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := randomAuction(t)
		for range rapid.IntRange(0, 20).Draw(t, "steps before") {
			_ = randomStep(t, a)
		}
		kept := a.listing.Snapshot()
		before := domain.EncodeState(kept.State())
		other := &auction{t: t, listing: a.listing.Snapshot(), log: append([]domain.Event(nil), a.log...), commands: 1000}
		for range rapid.IntRange(1, 20).Draw(t, "steps after") {
			_ = randomStep(t, a)
			_ = randomStep(t, other)
		}
		require.Equal(t, before, domain.EncodeState(kept.State()))
		auditAll(t, a)
		auditAll(t, other)
	})
}

// Lists grow in steps, so that an element appended to one copy could land where the other's next one goes.
func TestSnapshotsGrowApart(t *testing.T) {
	t.Parallel()

	t.Run("in what they recorded", func(t *testing.T) {
		t.Parallel()
		for pending := range 9 {
			a := published(t)
			place := func(l *domain.Listing, bidder string) {
				_, err := l.PlaceBid(a.by(bidder), dollars(usd.Money(l.State().Standing.NextMinimum).Decimal()), nil, start)
				require.NoError(t, err)
			}
			for i := range pending {
				place(a.listing, []string{"A", "B"}[i%2])
			}
			c := a.listing.Snapshot()
			place(a.listing, "C")
			place(c, "D")
			for _, l := range []*domain.Listing{a.listing, c} {
				recorded, changed := l.Settle()
				require.True(t, changed)
				require.Len(t, recorded, pending+1)
				require.Equal(t, l.State().Head.Hash, recorded[pending].Hash)
			}
		}
	})

	t.Run("in what was added to the description", func(t *testing.T) {
		t.Parallel()
		for additions := range 9 {
			a := published(t)
			for range additions {
				require.NoError(t, a.describe("x", 0))
			}
			c := a.listing.Snapshot()
			require.NoError(t, a.describe("one", 0))
			require.NoError(t, c.AppendDescription(a.by(seller), "other", start))
			require.Equal(t, "one", a.state().Additions[additions].Text)
			require.Equal(t, "other", c.State().Additions[additions].Text)
		}
	})

	t.Run("in whom they exclude", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		names := []string{"A", "B", "C", "D", "E", "F", "G", "H"}
		for i, name := range names {
			a.bids(time.Duration(i)*time.Second, name, usd.Money(int64(2000+1000*i)).Decimal())
		}
		for _, name := range names[1:] {
			c, live := a.listing.Snapshot(), a.live()
			require.NoError(t, second(a.cancelBids(seller, name, time.Minute)))
			before := domain.EncodeState(a.state())
			require.NoError(t, second(c.CancelBids(a.by(seller), member("A"), "other", live, start.Add(time.Minute))))
			require.Equal(t, before, domain.EncodeState(a.state()))
			require.Contains(t, c.State().Excluded, member("A"))
			require.NotContains(t, c.State().Excluded, member(name))
			require.Contains(t, a.state().Excluded, member(name))
			require.NotContains(t, a.state().Excluded, member("A"))
		}
	})
}

func TestReplayRefusesErasedMembers(t *testing.T) {
	t.Parallel()
	a := published(t)
	a.bids(0, "A", "20.00")
	a.close(48 * time.Hour)
	a.log[2].Sealed.Actor = [16]byte{}

	_, err := domain.Replay(a.state().Secret, a.log)
	require.ErrorIs(t, err, domain.ErrErased)
}

// randomAuction publishes a listing whose terms are drawn.
func randomAuction(t *rapid.T) *auction {
	changes := []func(*domain.Content){
		startPrice(rapid.SampledFrom([]string{"0.01", "1.00", "9.99", "10.00"}).Draw(t, "start price")),
		lasting(rapid.SampledFrom([]time.Duration{time.Hour, 12 * time.Hour, 14 * time.Hour, 48 * time.Hour}).Draw(t, "duration")),
	}
	if rapid.Bool().Draw(t, "reserve") {
		changes = append(changes, reserve(rapid.SampledFrom([]string{"10.01", "20.00", "50.00"}).Draw(t, "reserve at")))
	}
	if rapid.Bool().Draw(t, "buy now") {
		changes = append(changes, buyNow("60.00"))
	}
	if rapid.Bool().Draw(t, "soft close") {
		changes = append(changes, softClose(10*time.Minute, 5*time.Minute, 20*time.Minute))
	}
	if rapid.Bool().Draw(t, "later") {
		changes = append(changes, startingAt(start.Add(time.Hour)))
	}
	return published(t, changes...)
}

// randomStep gives the listing a command that may well be refused, a while after the last event, and returns the
// refusal.
func randomStep(t *rapid.T, a *auction) error {
	state := a.state()
	at := state.Head.At.Add(rapid.SampledFrom([]time.Duration{
		-time.Minute, 0, time.Microsecond, time.Second, time.Minute, 20 * time.Minute, time.Hour, 5 * time.Hour,
	}).Draw(t, "later")).Sub(start)
	if rapid.IntRange(0, 9).Draw(t, "near the end") == 0 {
		at = state.EndsAt.Sub(start) + rapid.SampledFrom([]time.Duration{
			-12 * time.Hour, -10 * time.Minute, -time.Second, -time.Microsecond, 0, time.Microsecond,
		}).Draw(t, "to the end")
	}
	who := rapid.SampledFrom([]string{"A", "B", "C", "D", seller}).Draw(t, "who")
	switch rapid.SampledFrom([]string{
		"bid", "bid", "bid", "bid", "bid", "bid", "retract", "cancel bids", "buy", "freeze", "unfreeze",
		"close", "open", "edit", "describe", "cancel",
	}).Draw(t, "command") {
	case "bid":
		return second(a.bid(who, randomAmount(t, state), at))
	case "retract":
		return second(a.retract(who, at))
	case "cancel bids":
		return second(a.cancelBids(rapid.SampledFrom([]string{seller, moderator, "A"}).Draw(t, "by"), who, at))
	case "buy":
		return second(a.buyNow(who, at))
	case "freeze":
		return a.freeze(at)
	case "unfreeze":
		return a.unfreeze(at)
	case "close":
		a.close(at)
	case "open":
		a.open(at)
	case "edit":
		return a.edit(content(startPrice("2.00"), reserve("12.00"), startingAt(state.Terms.StartsAt)), at)
	case "describe":
		return a.describe("It has a case.", at)
	case "cancel":
		if rapid.IntRange(0, 4).Draw(t, "really") == 0 {
			return a.cancel(rapid.SampledFrom([]string{seller, moderator}).Draw(t, "by"), at)
		}
	}
	return nil
}

// randomAmount is near the amounts that matter: the next minimum, the maxima and the reserve.
func randomAmount(t *rapid.T, s domain.State) string {
	near := rapid.SampledFrom([]int64{
		s.Standing.NextMinimum, s.Standing.Leader.Max, s.Standing.RunnerUp.Max, s.Terms.Reserve, s.Standing.Price, 2000,
	}).Draw(t, "near")
	more := rapid.SampledFrom([]int64{-1, 0, 1, 5, 49, 50, 51, 100, 1000}).Draw(t, "more")
	return usd.Money(max(1, near+more)).Decimal()
}
