package sqlstore_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

// TestMapping stores listings that have something in every field and reads every field back.
func TestMapping(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		s := newStore(pool)
		alice, bob := builders.ID(), builders.ID()
		old := builders.Draft().Starting(time.Hour).Published().Cancelled()
		for name, b := range map[string]*builders.Listing{
			"draft":     builders.Draft().Described("Ünïcödé \" \\ ' \u2028 <&> 日本"),
			"bare":      builders.Draft().Titled("").Described("").From(""),
			"scheduled": old,
			"relisted":  builders.Draft().Relisting(old).Published(),
			"sold": builders.Draft().In(builders.KWD, "1.000").WithReserve("2.500").WithBuyNow("50").
				SoftClosing(time.Hour, 2*time.Hour, 3*time.Hour).Published().Appended("More.").Appended("And\nmore.").
				BidBy(alice, "2").BidBy(bob, "3.125").BidBy(alice, "7").After(7 * 24 * time.Hour).Closed(),
			"withdrawn": builders.Draft().In(builders.JPY, "100").Published().BidBy(alice, "200").BidBy(bob, "300").
				RetractedBy(bob).WithBidsCancelled(alice).Frozen(),
			"bought": builders.Draft().WithBuyNow("20").Published().BoughtBy(bob),
			"edited": builders.Draft().Starting(time.Hour).Published().Edited(func(c *domain.Content) {
				c.Title, c.Description = "Other lamp", "It glows."
			}),
		} {
			b.Store(t, s.Work, s.Listings)
			want := b.Make(t)
			state, err := s.Ledger.State(t.Context(), b.ID())
			require.NoError(t, err, name)
			require.Equal(t, domain.EncodeState(want.State), domain.EncodeState(state), name)
			log, err := s.Ledger.Events(t.Context(), b.ID(), app.EventRange{})
			require.NoError(t, err, name)
			require.Empty(t, cmp.Diff(want.Log, log, cmpopts.EquateEmpty(), cmp.Comparer(domain.IncrementTable.Equal)), name)
			audit := domain.NewAudit(state)
			for _, e := range log {
				require.NoError(t, audit.Next(e), name)
			}
			require.NoError(t, audit.End(), name)
		}
	}, schema...)
}
