package app_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/page"
)

// saleZone is an hour ahead of UTC.
var saleZone = time.FixedZone("CET", 60*60)

const oneDay = 24 * time.Hour

var saleTerms = domain.SaleTerms{PayWithin: 7 * oneDay, RemindBefore: 2 * oneDay, Grace: 3 * oneDay}

// saleNews keeps what members were told.
type saleNews struct {
	mu     sync.Mutex
	told   []profilesapi.Notice
	broken map[uuid.UUID]error // by what it is about
}

func (n *saleNews) Notify(_ context.Context, told ...profilesapi.Notice) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, notice := range told {
		if err := n.broken[notice.About]; err != nil {
			return err
		}
		n.tell(notice)
	}
	return nil
}

// tell is what members' notices do with one whose words can change until its mail leaves; nobody reads them before.
func (n *saleNews) tell(notice profilesapi.Notice) {
	before := slices.IndexFunc(n.told, func(told profilesapi.Notice) bool { return told.ID == notice.ID })
	switch {
	case before < 0:
		n.told = append(n.told, notice)
	case notice.Undoes:
		n.told = slices.Delete(n.told, before, before+1)
	default:
		n.told[before] = notice
	}
}

// take returns the subjects of what members were told since, by member, and forgets it.
func (n *saleNews) take(t *testing.T) map[uuid.UUID]string {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	subjects := map[uuid.UUID]string{}
	for _, notice := range n.told {
		require.NotContains(t, subjects, notice.Member)
		require.Equal(t, profilesapi.NoticeSale, notice.Kind)
		require.NotEmpty(t, notice.Text)
		subjects[notice.Member] = notice.Subject
	}
	n.told = nil
	return subjects
}

// contacts know how to reach some.
type contacts map[uuid.UUID]profilesapi.Contact

func (c contacts) Contacts(_ context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Contact, error) {
	found := map[uuid.UUID]profilesapi.Contact{}
	for _, m := range members {
		if contact, known := c[m]; known {
			found[m] = contact
		}
	}
	return found, nil
}

func (h *house) setUpSales(sales domain.Sales, views app.SaleViews) {
	h.saleNews = &saleNews{broken: map[uuid.UUID]error{}}
	desk := app.NewSaleDesk(app.SaleDeskParts{
		Work: h.work, Listings: h.listings, Sales: sales, Terms: saleTerms, Notices: h.saleNews, Words: app.Words{Zone: saleZone}, Acts: h.acts, Answers: h.answers,
		Clock: h.clock,
	})
	h.saleViews, h.openSale = views, app.NewOpenSale(desk)
	h.markPaid, h.unmarkPaid = app.NewMarkPaid(desk), app.NewUnmarkPaid(desk)
	h.handedOver, h.received = app.NewMarkHandedOver(desk), app.NewMarkReceived(desk)
	h.keepSales = app.NewKeepSales(desk, views)
}

// deliver gives the subscriber everything that has ever happened.
func (h *house) deliver() {
	h.t.Helper()
	for _, m := range h.outbox.Messages() {
		if m.Kind != listingsapi.KindClosed && m.Kind != listingsapi.KindBought {
			continue
		}
		require.NoError(h.t, h.work.Do(h.t.Context(), func(ctx context.Context) error { return h.openSale.Do(ctx, m) }))
	}
}

// buy returns a listing of the seller's that the buyer has just bought for 20 dollars.
func (h *house) buy(seller, buyer uuid.UUID) uuid.UUID {
	h.t.Helper()
	id := h.publish(seller, domain.Content{Title: "A chair", BuyNow: usd("20")})
	_, err := h.buyNow.Do(h.t.Context(), app.BuyNowCommand{Listing: id, Buyer: buyer})
	require.NoError(h.t, err)
	return id
}

func (h *house) sale(id uuid.UUID) domain.SaleState {
	h.t.Helper()
	sale, err := h.saleViews.Sale(h.t.Context(), id)
	require.NoError(h.t, err)
	return sale
}

// published returns the kinds of what was published about sales.
func (h *house) publishedSales() (kinds []string) {
	for _, m := range h.outbox.Messages() {
		if m.Kind == listingsapi.KindSalePaid || m.Kind == listingsapi.KindSaleUnpaid || m.Kind == listingsapi.KindSaleOverdue {
			kinds = append(kinds, m.Kind)
		}
	}
	return kinds
}

func TestWhatIsSoldHasASale(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, buyer, winner := uuid.New(), uuid.New(), uuid.New()
	bought := h.buy(seller, buyer)
	won, unsold := h.publish(seller, domain.Content{}), h.publish(seller, domain.Content{})
	h.bid(won, winner, "30")
	h.clock.Advance(7 * oneDay)
	_, err := h.keepTime.Do(t.Context())
	require.NoError(t, err)
	for range 2 { // an event may come again
		h.deliver()
	}
	require.Equal(t, buyer, h.sale(bought).Buyer)
	require.Equal(t, winner, h.sale(won).Buyer)
	require.Equal(t, dollars(10_00), h.sale(won).Price)
	require.EqualValues(t, 1, h.sale(won).Version)
	require.Equal(t, h.clock.Now().Add(7*oneDay), h.sale(won).PayBy)
	_, err = h.saleViews.Sale(t.Context(), unsold)
	require.ErrorIs(t, err, domain.ErrSaleNotFound)
	require.Empty(t, h.saleNews.take(t), "winners and sellers are told of the close itself")
	require.NoError(t, h.work.Do(t.Context(), func(ctx context.Context) error {
		return h.openSale.Do(ctx, events.Message{Kind: listingsapi.KindClosed, Aggregate: uuid.New()})
	}), "a listing that there is not, as in a restored copy")
}

func TestTheOtherPartyIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, buyer := uuid.New(), uuid.New()
	id := h.buy(seller, buyer)
	s, b := app.SaleCommand{Listing: id, By: by(seller)}, app.SaleCommand{Listing: id, By: by(buyer)}
	for range 2 { // what is marked already is told to nobody again
		require.NoError(t, h.handedOver.Do(t.Context(), s), "before the subscriber has opened the sale")
	}
	require.Equal(t, map[uuid.UUID]string{buyer: "Handed over: A chair"}, h.saleNews.take(t))
	require.NoError(t, h.markPaid.Do(t.Context(), s))
	require.Equal(t, map[uuid.UUID]string{buyer: "Paid: A chair"}, h.saleNews.take(t))
	h.clock.Advance(app.PaymentWindow)
	require.NoError(t, h.unmarkPaid.Do(t.Context(), s))
	require.Equal(t, map[uuid.UUID]string{buyer: "Not paid after all: A chair"}, h.saleNews.take(t))
	h.clock.Advance(app.PaymentWindow)
	require.NoError(t, h.markPaid.Do(t.Context(), s))
	require.Equal(t, map[uuid.UUID]string{buyer: "Paid: A chair"}, h.saleNews.take(t), "it is news once more")
	require.NoError(t, h.received.Do(t.Context(), b))
	require.Equal(t, map[uuid.UUID]string{seller: "Received: A chair"}, h.saleNews.take(t))
	require.ErrorIs(t, h.unmarkPaid.Do(t.Context(), s), domain.ErrTooLateToUnmark)
	require.Empty(t, h.saleNews.take(t))
	require.Equal(t, []string{listingsapi.KindSalePaid, listingsapi.KindSaleUnpaid, listingsapi.KindSalePaid}, h.publishedSales())
	h.deliver()
	require.Equal(t, app.SaleStatusReceived, app.SaleStatusOf(h.sale(id)), "the subscriber finds it opened")
}

func TestAPaymentIsToldOncePerTenMinutes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, buyer := uuid.New(), uuid.New()
	cmd := app.SaleCommand{Listing: h.buy(seller, buyer), By: by(seller)}
	mark := func() { t.Helper(); require.NoError(t, h.markPaid.Do(t.Context(), cmd)) }
	unmark := func() { t.Helper(); require.NoError(t, h.unmarkPaid.Do(t.Context(), cmd)) }
	paid := map[uuid.UUID]string{buyer: "Paid: A chair"}
	unpaid := map[uuid.UUID]string{buyer: "Not paid after all: A chair"}

	mark()
	first := h.saleNews.told[0]
	require.Equal(t, noon.Add(10*time.Minute), first.MailAt, "noon begins ten minutes")
	h.clock.Advance(10*time.Minute - time.Microsecond)
	unmark()
	require.Empty(t, h.saleNews.told, "as before the ten minutes: nothing to mail")
	mark()
	require.Equal(t, first.ID, h.saleNews.told[0].ID)
	require.Equal(t, first.MailAt, h.saleNews.told[0].MailAt)
	require.Equal(t, paid, h.saleNews.take(t), "one mail, which says what holds")

	h.clock.Advance(time.Microsecond) // the next ten minutes
	unmark()
	require.NotEqual(t, first.ID, h.saleNews.told[0].ID)
	require.Equal(t, noon.Add(20*time.Minute), h.saleNews.told[0].MailAt)
	mark()
	require.Empty(t, h.saleNews.take(t), "he was told that it is paid, and it is")
	unmark()
	require.Equal(t, unpaid, h.saleNews.take(t))
}

func TestWhoseSaleItIsNot(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, buyer := uuid.New(), uuid.New()
	id := h.buy(seller, buyer)
	open := h.publish(seller, domain.Content{})
	h.deliver()
	before := h.sale(id)
	for name, do := range map[string]func(context.Context, app.SaleCommand) error{
		"paid": h.markPaid.Do, "not paid": h.unmarkPaid.Do, "handed over": h.handedOver.Do, "received": h.received.Do,
	} {
		require.ErrorIs(t, do(t.Context(), app.SaleCommand{Listing: id, By: by(uuid.New())}), domain.ErrSaleNotFound, name)
		require.ErrorIs(t, do(t.Context(), app.SaleCommand{Listing: id}), domain.ErrSaleNotFound, name)
		require.ErrorIs(t, do(t.Context(), app.SaleCommand{Listing: open, By: by(seller)}), domain.ErrSaleNotFound, name)
		require.ErrorIs(t, do(t.Context(), app.SaleCommand{Listing: uuid.New(), By: by(seller)}), domain.ErrSaleNotFound, name)
		require.ErrorIs(t, do(t.Context(), app.SaleCommand{Listing: id, By: by(seller), Version: 2}), domain.ErrSaleChanged, name)
	}
	require.ErrorIs(t, h.markPaid.Do(t.Context(), app.SaleCommand{Listing: id, By: by(buyer)}), domain.ErrNotSeller)
	require.ErrorIs(t, h.received.Do(t.Context(), app.SaleCommand{Listing: id, By: by(seller)}), domain.ErrNotBuyer)
	require.Equal(t, before, h.sale(id))
	require.Empty(t, h.saleNews.take(t))
}

func TestAModeratorMarksPaidForTheRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, buyer := uuid.New(), uuid.New()
	id := h.buy(seller, buyer)
	require.NoError(t, h.handedOver.Do(t.Context(), app.SaleCommand{Listing: id, By: by(seller)}))
	for range 2 {
		require.NoError(t, h.markPaid.Do(t.Context(), app.SaleCommand{Listing: id, By: moderator}))
	}
	require.NoError(t, h.unmarkPaid.Do(t.Context(), app.SaleCommand{Listing: id, By: moderator}))
	require.ErrorIs(t, h.received.Do(t.Context(), app.SaleCommand{Listing: id, By: moderator}), domain.ErrNotBuyer)
	found, err := h.acts.Entries(t.Context(), audit.Filter{}, page.Request{})
	require.NoError(t, err)
	var acts []string
	for _, e := range found.Items {
		require.Equal(t, []uuid.UUID{moderator.ID, id}, []uuid.UUID{e.Actor, e.Target})
		acts = append(acts, e.Act)
	}
	require.ElementsMatch(t, []string{app.ActMarkPaid, app.ActUnmarkPaid}, acts, "what the seller does is not recorded")
}

func TestAMarkUnderAKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, buyer := uuid.New(), uuid.New()
	id, other := h.buy(seller, buyer), h.buy(seller, buyer)
	cmd := app.SaleCommand{Listing: id, By: by(seller), Key: "k"}
	require.NoError(t, h.markPaid.Do(t.Context(), cmd))
	require.NoError(t, h.unmarkPaid.Do(t.Context(), app.SaleCommand{Listing: id, By: by(seller), Key: "k"}), "another operation")
	require.NoError(t, h.markPaid.Do(t.Context(), cmd))
	require.Zero(t, h.sale(id).PaidAt, "what was asked was done, before")
	cmd.Listing = other
	require.ErrorIs(t, h.markPaid.Do(t.Context(), cmd), idempotency.ErrConflict)
	cmd.Key = app.Key(make([]byte, 256))
	require.ErrorIs(t, h.markPaid.Do(t.Context(), cmd), idempotency.ErrInvalidKey)
}

func TestBuyersAreRemindedAndThenTheHouseIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, buyer, payer := uuid.New(), uuid.New(), uuid.New()
	id, settled := h.buy(seller, buyer), h.buy(seller, payer)
	h.deliver()
	require.NoError(t, h.markPaid.Do(t.Context(), app.SaleCommand{Listing: settled, By: by(seller)}))
	h.saleNews.take(t)
	tick := func() map[uuid.UUID]string {
		t.Helper()
		for range 2 { // the second finds nothing to do
			require.NoError(t, h.keepSales.Do(t.Context()))
		}
		return h.saleNews.take(t)
	}
	steps := []struct {
		wait time.Duration
		want map[uuid.UUID]string
	}{
		{5*oneDay - time.Microsecond, map[uuid.UUID]string{}},
		{time.Microsecond, map[uuid.UUID]string{buyer: "Please pay by 8 March 2026, 13:00 CET: A chair"}},
		{2*oneDay - time.Microsecond, map[uuid.UUID]string{}},
		{time.Microsecond, map[uuid.UUID]string{buyer: "Please pay now: A chair"}},
		{3*oneDay - time.Microsecond, map[uuid.UUID]string{}},
		{time.Microsecond, map[uuid.UUID]string{buyer: "Overdue: A chair", seller: "Not paid: A chair"}},
		{1000 * oneDay, map[uuid.UUID]string{}},
	}
	for _, step := range steps {
		h.clock.Advance(step.wait)
		require.Equal(t, step.want, tick(), "at %s", h.clock.Now())
	}
	require.Equal(t, []string{listingsapi.KindSalePaid, listingsapi.KindSaleOverdue}, h.publishedSales(), "overdue once")
	require.Equal(t, noon.Add(10*oneDay), h.sale(id).OverdueAt)
}

func TestASaleThatCannotBeChangedHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := map[uuid.UUID]bool{}
	broken := h.buy(uuid.New(), uuid.New())
	for range 120 { // more than one unit of work takes
		ids[h.buy(uuid.New(), uuid.New())] = true
	}
	h.deliver()
	errBroken := errors.New("broken")
	h.saleNews.broken[broken] = errBroken
	h.clock.Advance(5 * oneDay)
	require.ErrorIs(t, h.keepSales.Do(t.Context()), errBroken)
	require.Len(t, h.saleNews.told, len(ids))
	require.Zero(t, h.sale(broken).Reminders, "who was not told is not reminded")
	delete(h.saleNews.broken, broken)
	require.NoError(t, h.keepSales.Do(t.Context()))
	require.Equal(t, 1, h.sale(broken).Reminders)
}

func TestContactsAreForTheTwo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller, buyer, gone := uuid.New(), uuid.New(), uuid.New()
	contact := func(name string) profilesapi.Contact {
		return profilesapi.Contact{Name: profilesapi.Name{Handle: name, DisplayName: name}, Email: name + "@example.org"}
	}
	known := contacts{seller: contact("seller"), buyer: contact("buyer")}
	own := app.NewOwnSales(h.saleViews, known)
	id, left := h.buy(seller, buyer), h.buy(seller, gone)
	h.deliver()

	shown := func(listing uuid.UUID, viewer domain.Actor) *profilesapi.Contact {
		t.Helper()
		record, err := own.Of(t.Context(), listing, viewer)
		require.NoError(t, err)
		return record.Contact
	}
	require.Equal(t, contact("buyer"), *shown(id, by(seller)))
	require.Equal(t, contact("seller"), *shown(id, by(buyer)))
	require.Nil(t, shown(id, moderator), "moderators have the members' pages")
	require.Equal(t, contact("buyer"), *shown(id, domain.Actor{ID: seller, Moderator: true}), "unless they sell")
	require.Nil(t, shown(left, by(seller)), "who was deleted cannot be reached")
	for _, stranger := range []domain.Actor{{}, by(uuid.New())} {
		record, err := own.Of(t.Context(), id, stranger)
		require.ErrorIs(t, err, domain.ErrSaleNotFound)
		require.Zero(t, record)
	}

	for _, c := range []struct {
		member uuid.UUID
		side   app.SaleSide
		want   []*profilesapi.Contact
	}{
		{seller, app.SideSeller, []*profilesapi.Contact{nil, new(contact("buyer"))}},
		{buyer, app.SideBuyer, []*profilesapi.Contact{new(contact("seller"))}},
		{seller, app.SideBuyer, nil},
		{uuid.Nil, app.SideBuyer, nil},
	} {
		found, err := own.Page(t.Context(), app.SaleFilter{Member: c.member, Side: c.side}, page.Request{})
		require.NoError(t, err)
		var got []*profilesapi.Contact
		for _, r := range found.Items {
			got = append(got, r.Contact)
			require.Equal(t, app.SaleStatusOwing, r.Status)
		}
		require.ElementsMatch(t, c.want, got)
	}
}
