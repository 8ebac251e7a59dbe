package app_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	profiles "github.com/gavelhq/gavel/modules/profiles/internal/memory"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// ledger is where sales are recorded, in memory.
type ledger struct {
	t      *testing.T
	work   *uow.Work
	sales  domain.Sales
	record *app.RecordSale
}

func newLedger(t *testing.T) *ledger {
	t.Helper()
	sales := profiles.NewSales(profiles.NewStore(memory.NewDatabase()))
	return &ledger{t: t, work: uow.New(nil, uow.Settings{}), sales: sales, record: app.NewRecordSale(sales)}
}

// happens delivers an event.
func (l *ledger) happens(m events.Message) error {
	return l.work.Do(l.t.Context(), func(ctx context.Context) error { return l.record.Do(ctx, m) })
}

// of returns what is recorded of the listing; nil for nothing.
func (l *ledger) of(listing uuid.UUID) (found *domain.SaleState) {
	l.t.Helper()
	err := l.work.Do(l.t.Context(), func(ctx context.Context) error {
		sale, err := l.sales.Get(ctx, listing)
		if err == nil {
			state := sale.State()
			found = &state
		}
		return err
	})
	if err != nil {
		require.ErrorIs(l.t, err, domain.ErrRecordNotFound)
	}
	return found
}

// published is what the listings publish.
func published(kind string, e listingsapi.Event) events.Message {
	payload, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return events.Message{ID: uuid.New(), Kind: kind, Aggregate: e.ListingID, Seq: e.Seq, At: e.At, Payload: payload}
}

func TestSalesAreRecorded(t *testing.T) {
	t.Parallel()
	listing, seller, buyer, leader := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	ended := noon.Add(time.Hour)
	outcome := listingsapi.Event{ListingID: listing, SellerID: seller, LeaderID: &leader, At: ended, EndsAt: ended, Status: "sold"}
	bought := outcome
	bought.BidderID, bought.ActorID = &buyer, &buyer
	at := func(status string) listingsapi.Event {
		e := outcome
		e.Status = status
		return e
	}
	tests := map[string]struct {
		event events.Message
		want  *domain.SaleState
	}{
		"sold by the close": {
			published(listingsapi.KindClosed, outcome),
			&domain.SaleState{ID: listing, Version: 1, Seller: seller, Winner: leader, EndedAt: ended},
		},
		"sold by Buy It Now, over the head of who led": {
			published(listingsapi.KindBought, bought),
			&domain.SaleState{ID: listing, Version: 1, Seller: seller, Winner: buyer, EndedAt: ended},
		},
		"closed without a bid":                {published(listingsapi.KindClosed, at("unsold_no_bids")), nil},
		"closed below the reserve":            {published(listingsapi.KindClosed, at("unsold_reserve")), nil},
		"closed in a way that is yet to come": {published(listingsapi.KindClosed, at("given_away")), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t)
			for range 2 { // the second time nothing is written
				require.NoError(t, l.happens(test.event))
				require.Equal(t, test.want, l.of(listing))
			}
		})
	}
}

func TestARewindPutsSalesRight(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	listing, seller, leader := uuid.New(), uuid.New(), uuid.New()
	require.NoError(t, l.work.Do(t.Context(), func(ctx context.Context) error {
		return l.sales.Add(ctx, domain.NewSale(listing, leader, seller, noon))
	}))
	e := listingsapi.Event{ListingID: listing, SellerID: seller, LeaderID: &leader, EndsAt: noon, Status: "sold"}
	require.NoError(t, l.happens(published(listingsapi.KindClosed, e)))
	require.Equal(t, &domain.SaleState{ID: listing, Version: 2, Seller: seller, Winner: leader, EndedAt: noon}, l.of(listing))
}

// TestAnEventThatMakesNoSenseIsAnError so that it is tried again and does not get lost.
func TestAnEventThatMakesNoSenseIsAnError(t *testing.T) {
	t.Parallel()
	listing, winner := uuid.New(), uuid.New()
	whole := func(change func(*listingsapi.Event)) string {
		e := listingsapi.Event{
			ListingID: listing, SellerID: uuid.New(), LeaderID: &winner, BidderID: &winner, EndsAt: noon, Status: "sold",
		}
		change(&e)
		return string(published("", e).Payload)
	}
	for name, payload := range map[string]string{
		"nothing":            "",
		"no JSON":            `{"listing_id": `,
		"another type":       `{"listing_id": 7, "status": "sold"}`,
		"an empty object":    `{}`,
		"null":               `null`,
		"no listing":         whole(func(e *listingsapi.Event) { e.ListingID = uuid.Nil }),
		"no seller":          whole(func(e *listingsapi.Event) { e.SellerID = uuid.Nil }),
		"no winner":          whole(func(e *listingsapi.Event) { e.LeaderID, e.BidderID = nil, nil }),
		"nobody as a winner": whole(func(e *listingsapi.Event) { e.LeaderID, e.BidderID = &uuid.Nil, &uuid.Nil }),
		"no end":             whole(func(e *listingsapi.Event) { e.EndsAt = time.Time{} }),
	} {
		for _, kind := range []string{listingsapi.KindClosed, listingsapi.KindBought} {
			t.Run(name+" in "+kind, func(t *testing.T) {
				t.Parallel()
				l := newLedger(t)
				require.ErrorContains(t, l.happens(events.Message{Kind: kind, Aggregate: listing, Payload: []byte(payload)}), "read "+kind)
				require.Nil(t, l.of(listing))
			})
		}
	}
}
