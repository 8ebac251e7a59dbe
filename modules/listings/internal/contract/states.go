package contract

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

const day = 24 * time.Hour

// newID returns a new id of a member, a listing or a command.
func newID() uuid.UUID { return builders.ID() }

// states returns a listing in every state in which a store can meet one, named by what is special about it.
func states(t *testing.T) map[string]*builders.Listing {
	t.Helper()
	all := drafts(t)
	for name, l := range published() {
		all[name] = l
	}
	for name, l := range over() {
		all[name] = l
	}
	return all
}

func drafts(t *testing.T) map[string]*builders.Listing {
	t.Helper()
	east := time.FixedZone("five and three quarters east", 5*3600+45*60)
	return map[string]*builders.Listing{
		"an empty draft": builders.Draft().Titled("").Described("").From("").Lasting(0),
		"a draft with everything": full(ownTable(t)).
			At(time.Date(2026, time.March, 2, 3, 4, 5, 6_789, east)).Starting(30 * time.Hour), // the day before in UTC
		"a draft with awkward words": builders.Draft().
			Titled(`O'Neil's "50 %" lamp; DROP TABLE -- \ ? :id $1 ½ ñ 茶碗 🏺`).
			Described("first line\nsecond\tline\r\n" + strings.Repeat("long ", 3_000)),
		"a draft of another try": builders.Draft().Relisting(builders.Draft()),
		"yen":                    builders.Draft().In(builders.JPY, "1000").WithReserve("5000").WithBuyNow("9999").Published().BidBy(newID(), "2500"),
		"dinars":                 builders.Draft().In(builders.KWD, "1.005").WithReserve("2.125").Published().BidBy(newID(), "3.333"),
		"another try":            builders.Draft().Relisting(builders.Draft()).Published().BidBy(newID(), "12"),
		"own increments": builders.Draft().Rising(ownTable(t)).Published().
			BidBy(newID(), "20").BidBy(newID(), "30"),
	}
}

func published() map[string]*builders.Listing {
	alice, bob, carol, dave := newID(), newID(), newID(), newID()
	return map[string]*builders.Listing{
		"scheduled":                   builders.Draft().Starting(time.Hour).Published(),
		"scheduled with everything":   full(domain.IncrementTable{}).Starting(time.Hour).Published(),
		"scheduled, the start passed": builders.Draft().Starting(time.Hour).Published().After(2 * time.Hour),
		"opened by the clock":         builders.Draft().Starting(time.Hour).Published().After(2 * time.Hour).Opened(),
		"opened by a bid":             builders.Draft().Starting(time.Hour).Published().After(2*time.Hour).BidBy(alice, "15"),
		"open at once":                builders.Draft().Published(),
		"edited": builders.Draft().Published().After(time.Minute).Edited(func(c *domain.Content) {
			c.Title, c.Reserve.Amount, c.Reserve.Currency = "Copper lamp", "55.50", "USD"
			c.Duration = 3 * day
		}),
		"appended to": builders.Draft().Published().After(time.Minute).Appended("It works.\nMostly. 🏺").
			After(time.Microsecond).Appended("O'Neil owned it."),
		"one bid":           builders.Draft().Published().BidBy(alice, "20"),
		"a tie":             builders.Draft().Published().BidBy(alice, "20").BidBy(bob, "20"),
		"an own raise":      builders.Draft().Published().BidBy(alice, "20").BidBy(alice, "20.01"),
		"a reserve not met": builders.Draft().WithReserve("50").Published().BidBy(alice, "20").BidBy(bob, "30"),
		"a reserve met":     builders.Draft().WithReserve("50").Published().BidBy(alice, "20").BidBy(bob, "80"),
		"the largest amount": builders.Draft().Published().
			BidBy(alice, "10000000000000.00").BidBy(bob, "9999999999999.99"),
		"a retraction": builders.Draft().Published().BidBy(alice, "20").BidBy(bob, "30").BidBy(alice, "40").
			After(time.Minute).RetractedBy(alice),
		"the only bid retracted": builders.Draft().Published().BidBy(alice, "20").RetractedBy(alice),
		"three bidders excluded": builders.Draft().Published().BidBy(dave, "20").BidBy(bob, "30").BidBy(carol, "40").
			BidBy(alice, "50").WithBidsCancelled(dave).WithBidsCancelled(bob).WithBidsCancelled(carol),
		"frozen before the start": builders.Draft().Starting(day).Published().After(time.Minute).Frozen(),
		"frozen with bids":        builders.Draft().Published().BidBy(alice, "20").BidBy(bob, "30").Frozen(),
		"unfrozen with a new end": builders.Draft().Lasting(time.Hour).Published().Frozen().After(2 * day).Unfrozen(),
		"moved by a late bid": builders.Draft().Lasting(time.Hour).SoftClosing(time.Minute, 5*time.Minute, time.Hour).
			Published().After(time.Hour-time.Microsecond).BidBy(alice, "20"),
	}
}

func over() map[string]*builders.Listing {
	alice, bob := newID(), newID()
	open := func() *builders.Listing { return builders.Draft().Published() }
	return map[string]*builders.Listing{
		"sold":                      open().BidBy(alice, "20").BidBy(bob, "30").After(8 * day).Closed(),
		"unsold":                    open().After(7 * day).Closed(),
		"unsold, too low":           builders.Draft().WithReserve("50").Published().BidBy(alice, "20").After(8 * day).Closed(),
		"opened and closed at once": builders.Draft().Starting(time.Hour).Published().After(9 * day).Closed(),
		"bought": builders.Draft().WithReserve("90").WithBuyNow("100").Published().BidBy(bob, "20").
			After(time.Hour).BoughtBy(alice),
		"cancelled":              open().BidBy(alice, "20").Cancelled(),
		"cancelled while frozen": open().BidBy(alice, "20").Frozen().After(30 * day).Cancelled(),
	}
}

// full is a draft in which every field differs from what it would be by default.
func full(table domain.IncrementTable) *builders.Listing {
	return builders.Draft().Titled("Brass lamp, Bräunlich").Described("It works.\n\n— mostly").
		From("12.34").WithReserve("56.78").WithBuyNow("90.12").Lasting(3*day+time.Microsecond).
		SoftClosing(time.Minute+time.Microsecond, 2*time.Minute, 3*time.Minute).Rising(table)
}

// ownTable is an increment table of a site's own.
func ownTable(t *testing.T) domain.IncrementTable {
	t.Helper()
	table, err := domain.NewIncrementTable("fine steps", []domain.IncrementRow{{From: 1, Increment: 1}, {From: 2_000, Increment: 7}})
	require.NoError(t, err)
	return table
}
