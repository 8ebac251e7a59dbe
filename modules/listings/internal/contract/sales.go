package contract

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// saleCases say what becomes of sales.
var saleCases = []testCase{
	{"a sale comes back as it was left, whatever happened to it", salesRoundTrip},
	{"a listing has one sale, whoever opens it", oneSaleForAListing},
	{"what others want to know of a sale is published with it", salesPublished},
	{"a member's sales are listed by side and status, the newest first", salesListed},
	{"sales are due at their microsecond, those due longest first", salesDue},
	{"what is sold is owing from its end until it is marked paid", soldIsOwing},
	{"what is marked paid can be owing again, for a day", paidMayBeOwingAgain},
	{"what is owing is told to buyer and seller, in order and no more than asked", owingLimited},
}

var saleTerms = domain.SaleTerms{PayWithin: 7 * day, RemindBefore: 2 * day, Grace: 3 * day}

// sold returns a listing that the buyer has bought of the seller at the epoch.
func sold(seller, buyer uuid.UUID) *builders.Listing {
	return builders.Draft().By(seller).WithBuyNow("60").Published().BoughtBy(buyer)
}

// open opens the sale of a stored listing and does the rest to it, one act a unit.
func (s *subject) open(t *testing.T, l *builders.Listing, acts ...func(*domain.Sale) error) domain.SaleState {
	t.Helper()
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		listing, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		sale, err := domain.OpenSale(listing.State(), saleTerms, l.Now())
		if err != nil {
			return err
		}
		return s.Sales.Add(ctx, sale)
	}))
	for _, act := range acts {
		s.change(t, l.ID(), act)
	}
	return s.sale(t, l.ID())
}

// change does something to a stored sale.
func (s *subject) change(t *testing.T, id uuid.UUID, act func(*domain.Sale) error) {
	t.Helper()
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		sale, err := s.Sales.Get(ctx, id)
		if err != nil {
			return err
		}
		return act(sale)
	}))
}

// sale returns a stored sale, which must be the same to commands and to views.
func (s *subject) sale(t *testing.T, id uuid.UUID) domain.SaleState {
	t.Helper()
	seen, err := s.SaleViews.Sale(t.Context(), id)
	require.NoError(t, err)
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		sale, err := s.Sales.Get(ctx, id)
		if err != nil {
			return err
		}
		valuetest.RequireSame(t, sale.State(), seen, "sale")
		return nil
	}))
	valuetest.RequireUTC(t, seen)
	return seen
}

// Acts on sales, in the words of tests.
func paid(by domain.Actor, at time.Time) func(*domain.Sale) error {
	return func(s *domain.Sale) error { return ok(s.MarkPaid(by, at)) }
}

func handedOver(by domain.Actor, at time.Time) func(*domain.Sale) error {
	return func(s *domain.Sale) error { return ok(s.MarkHandedOver(by, at)) }
}

func received(by domain.Actor, at time.Time) func(*domain.Sale) error {
	return func(s *domain.Sale) error { return ok(s.MarkReceived(by, at)) }
}

func ticked(at time.Time) func(*domain.Sale) error {
	return func(s *domain.Sale) error { s.KeepTime(at); return nil }
}

func ok(_ bool, err error) error { return err }

func salesRoundTrip(t *testing.T, s *subject) {
	_, err := s.SaleViews.Sale(t.Context(), newID())
	require.ErrorIs(t, err, domain.ErrSaleNotFound)
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		_, err := s.Sales.Get(ctx, newID())
		return err
	}), domain.ErrSaleNotFound)

	buyer := domain.Actor{ID: newID()}
	l := builders.Draft().Titled("A \"lamp\" ½ 茶碗").In(builders.KWD, "1.005").WithBuyNow("9.123").Published().BoughtBy(buyer.ID)
	s.keep(t, l)
	opened := s.open(t, l)
	require.Equal(t, domain.SaleState{
		ID: l.ID(), Version: 1, Title: "A \"lamp\" ½ 茶碗", Seller: l.Seller().ID, Buyer: buyer.ID, Price: builders.KWD.Money(9123),
		SoldAt: l.Now(), RemindAt: l.Now().Add(5 * day), PayBy: l.Now().Add(7 * day), OverdueFrom: l.Now().Add(10 * day),
	}, opened)

	want, at := opened, func(n time.Duration) time.Time { return l.Now().Add(n * day) }
	steps := []struct {
		act  func(*domain.Sale) error
		then func()
	}{
		{handedOver(l.Seller(), at(1)), func() { want.HandedOverAt = at(1) }},
		{received(buyer, at(2)), func() { want.ReceivedAt = at(2) }},
		{ticked(at(5)), func() { want.Reminders, want.RemindedAt = 1, at(5) }},
		{ticked(at(7)), func() { want.Reminders, want.RemindedAt = 2, at(7) }},
		{ticked(at(10)), func() { want.OverdueAt = at(10) }},
		{paid(l.Seller(), at(11)), func() { want.PaidAt = at(11) }},
	}
	for i, step := range steps {
		s.change(t, l.ID(), step.act)
		step.then()
		want.Version++
		valuetest.RequireSame(t, want, s.sale(t, l.ID()), "sale")
		require.EqualValues(t, i+2, want.Version)
	}
	s.change(t, l.ID(), paid(l.Seller(), at(12)))
	require.Equal(t, want, s.sale(t, l.ID()), "what changes nothing writes nothing")
}

func oneSaleForAListing(t *testing.T, s *subject) {
	l := sold(newID(), newID())
	s.keep(t, l)
	open := func(ctx context.Context, meet func()) error {
		sale, err := s.Sales.Get(ctx, l.ID())
		meet()
		if err == nil {
			return ok(sale.MarkHandedOver(l.Seller(), l.Now()))
		}
		listing, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		if sale, err = domain.OpenSale(listing.State(), saleTerms, l.Now()); err != nil {
			return err
		}
		return s.Sales.Add(ctx, sale)
	}
	runs := s.overlap(t, open, func(ctx context.Context) error { return open(ctx, func() {}) })
	require.LessOrEqual(t, runs, 2)
	sale := s.sale(t, l.ID())
	require.EqualValues(t, 2, sale.Version, "who came second found it")
	require.Equal(t, l.Now(), sale.HandedOverAt)

	// Two that change it at the same time both count.
	buyer := domain.Actor{ID: sale.Buyer}
	change := func(ctx context.Context, meet func(), act func(*domain.Sale) error) error {
		sale, err := s.Sales.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		meet()
		return act(sale)
	}
	s.overlap(t, func(ctx context.Context, meet func()) error { return change(ctx, meet, paid(l.Seller(), l.Now())) },
		func(ctx context.Context) error { return change(ctx, func() {}, received(buyer, l.Now())) })
	sale = s.sale(t, l.ID())
	require.Equal(t, []time.Time{l.Now(), l.Now()}, []time.Time{sale.PaidAt, sale.ReceivedAt})
	require.EqualValues(t, 4, sale.Version)
}

func salesPublished(t *testing.T, s *subject) {
	l := sold(newID(), newID())
	s.keep(t, l)
	opened := s.open(t, l)
	aggregate := uuid.NewSHA1(l.ID(), []byte("sale"))
	require.Empty(t, s.messagesOf(t, aggregate), "nobody needs to know that it was opened")
	s.change(t, l.ID(), ticked(opened.RemindAt))
	s.change(t, l.ID(), ticked(opened.OverdueFrom))
	s.change(t, l.ID(), ticked(opened.OverdueFrom.Add(day)))
	s.change(t, l.ID(), paid(l.Seller(), opened.OverdueFrom.Add(day)))

	messages := s.messagesOf(t, aggregate)
	kinds := func(m events.Message) string { return m.Kind }
	require.Equal(t, []string{listingsapi.KindSaleOverdue, listingsapi.KindSalePaid}, []string{kinds(messages[0]), kinds(messages[1])})
	require.Len(t, messages, 2)
	require.Equal(t, []int64{3, 4}, []int64{messages[0].Seq, messages[1].Seq}, "the versions that they made")
	var e listingsapi.SaleEvent
	require.NoError(t, json.Unmarshal(messages[0].Payload, &e))
	overdue := opened.OverdueFrom
	require.Equal(t, listingsapi.SaleEvent{
		ListingID: l.ID(), Title: opened.Title, SellerID: opened.Seller, BuyerID: opened.Buyer, Seq: 3, At: overdue,
		Price: "60.00", Currency: "USD", SoldAt: opened.SoldAt, PayBy: opened.PayBy, OverdueAt: &overdue,
	}, e)
}

func salesListed(t *testing.T, s *subject) {
	me, other := domain.Actor{ID: newID()}, domain.Actor{ID: newID()}
	var all []domain.SaleState
	at := builders.Epoch.Add(20 * day)
	acts := map[string][]func(*domain.Sale) error{
		"owing": {}, "owing, handed over": {handedOver(me, at)}, "owing, received": {received(other, at)},
		"overdue": {ticked(at)}, "paid": {paid(me, at)}, "paid late": {ticked(at), paid(me, at)},
		"handed over": {paid(me, at), handedOver(me, at)}, "received": {paid(me, at), received(other, at)},
		"done": {paid(me, at), handedOver(me, at), received(other, at)},
	}
	for range 2 { // at the same instant, so that the id decides
		for _, act := range acts {
			l := sold(me.ID, other.ID)
			s.keep(t, l)
			all = append(all, s.open(t, l, act...))
		}
	}
	later := sold(me.ID, newID()).Lasting(3 * day)
	for _, l := range []*builders.Listing{sold(other.ID, me.ID), sold(newID(), newID()), later} {
		s.keep(t, l)
		all = append(all, s.open(t, l))
	}
	statuses := []app.SaleStatus{
		app.SaleStatusOwing, app.SaleStatusOverdue, app.SaleStatusPaid, app.SaleStatusHandedOver, app.SaleStatusReceived,
	}
	filters := [][]app.SaleStatus{nil, {app.SaleStatusOwing, app.SaleStatusOverdue, app.SaleStatusOwing}, statuses}
	for _, status := range statuses {
		filters = append(filters, []app.SaleStatus{status})
	}
	counts := map[app.SaleStatus]int{}
	for _, sale := range all {
		counts[app.SaleStatusOf(sale)]++
	}
	require.Len(t, counts, len(statuses))
	for _, member := range []uuid.UUID{me.ID, other.ID, newID()} {
		for _, side := range []app.SaleSide{app.SideBuyer, app.SideSeller} {
			for _, wanted := range filters {
				filter := app.SaleFilter{Member: member, Side: side, Statuses: wanted}
				want := slices.DeleteFunc(slices.Clone(all), func(s domain.SaleState) bool {
					party := map[app.SaleSide]uuid.UUID{app.SideBuyer: s.Buyer, app.SideSeller: s.Seller}[side]
					return party != member || len(wanted) > 0 && !slices.Contains(wanted, app.SaleStatusOf(s))
				})
				slices.SortFunc(want, func(a, b domain.SaleState) int {
					if order := b.SoldAt.Compare(a.SoldAt); order != 0 {
						return order
					}
					return slices.Compare(b.ID[:], a.ID[:])
				})
				require.Equal(t, soldIDs(want), soldIDs(s.listed(t, filter, 3)), "%+v", filter)
			}
		}
	}
	_, err := s.SaleViews.Sales(t.Context(), app.SaleFilter{Member: me.ID, Side: app.SideBuyer},
		page.Request{Cursor: page.Encode(app.SalesList(app.SideSeller), app.SaleKey{})})
	require.ErrorIs(t, err, page.ErrInvalidCursor, "a cursor of the other side")
}

// listed reads a whole list of sales, page by page.
func (s *subject) listed(t *testing.T, filter app.SaleFilter, limit int) (all []domain.SaleState) {
	t.Helper()
	request := page.Request{Limit: limit}
	for {
		found, err := s.SaleViews.Sales(t.Context(), filter, request)
		require.NoError(t, err)
		require.LessOrEqual(t, len(found.Items), limit)
		all = append(all, found.Items...)
		if found.Next == "" {
			return all
		}
		request.Cursor = found.Next
	}
}

func soldIDs(sales []domain.SaleState) []uuid.UUID {
	ids := make([]uuid.UUID, len(sales))
	for i, s := range sales {
		ids[i] = s.ID
	}
	return ids
}

func salesDue(t *testing.T, s *subject) {
	due := func(now time.Time, limit int) []uuid.UUID {
		t.Helper()
		ids, err := s.SaleViews.DueSales(t.Context(), now, limit)
		require.NoError(t, err)
		return ids
	}
	const us = time.Microsecond
	seller := domain.Actor{ID: newID()}
	l := sold(seller.ID, newID())
	s.keep(t, l)
	opened := s.open(t, l)
	require.Empty(t, due(opened.RemindAt.Add(-us), 10))
	for _, at := range []time.Time{opened.RemindAt, opened.PayBy, opened.OverdueFrom} {
		require.Empty(t, due(at.Add(-us), 10))
		require.Equal(t, []uuid.UUID{l.ID()}, due(at, 10))
		s.change(t, l.ID(), ticked(at))
		require.Empty(t, due(at, 10))
	}
	require.Empty(t, due(opened.OverdueFrom.AddDate(1, 0, 0), 10), "once overdue there is nothing left to do")

	var want []uuid.UUID
	for range 3 {
		l := sold(seller.ID, newID())
		s.keep(t, l)
		want = append(want, s.open(t, l).ID)
	}
	s.change(t, want[2], ticked(opened.RemindAt)) // so that it is due later
	slices.SortFunc(want[:2], func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	require.Equal(t, want, due(opened.PayBy, 10))
	require.Equal(t, want[:2], due(opened.PayBy, 2))
	s.change(t, want[0], paid(seller, opened.PayBy))
	require.Equal(t, want[1:], due(opened.PayBy, 10), "what is paid is due no more")
	s.change(t, want[0], func(sale *domain.Sale) error { return ok(sale.UnmarkPaid(seller, opened.PayBy)) })
	require.Equal(t, want, due(opened.PayBy, 10), "and again when it was a mistake")
}

// owing returns what a member owes, or is owed, by listing.
func (s *subject) owing(t *testing.T, member uuid.UUID, now time.Time) map[uuid.UUID]app.Part {
	t.Helper()
	found, err := s.Dealings.Owing(t.Context(), member, now, 100)
	require.NoError(t, err)
	parts := map[uuid.UUID]app.Part{}
	for _, d := range found {
		require.NotContains(t, parts, d.Listing)
		require.Equal(t, s.state(t, d.Listing).Title, d.Title)
		if parts[d.Listing] = d.Part; d.Over {
			parts[d.Listing] += ", over"
		}
	}
	return parts
}

func soldIsOwing(t *testing.T, s *subject) {
	for name, l := range states(t) {
		state := s.keep(t, l).State
		buyer := state.Winner
		if buyer == uuid.Nil {
			buyer = state.Standing.Leader.Bidder
		}
		for _, now := range instantsAround(state) {
			var owes, owed app.Part
			if state.Phase().At(now) == domain.StatusSold {
				owes, owed = app.PartOwes, app.PartOwed
			}
			require.Equal(t, owed, s.owing(t, state.Seller, now)[state.ID], "%s at %s", name, now)
			if buyer != uuid.Nil {
				require.Equal(t, owes, s.owing(t, buyer, now)[state.ID], "%s at %s", name, now)
			}
		}
	}

	seller, buyer := domain.Actor{ID: newID()}, newID()
	l := sold(seller.ID, buyer)
	s.keep(t, l)
	requireOwing := func(owing bool, when string) {
		t.Helper()
		if !owing {
			require.Empty(t, s.owing(t, buyer, l.Now()), when)
			require.Empty(t, s.owing(t, seller.ID, l.Now()), when)
			return
		}
		require.Equal(t, map[uuid.UUID]app.Part{l.ID(): app.PartOwes}, s.owing(t, buyer, l.Now()), when)
		require.Equal(t, map[uuid.UUID]app.Part{l.ID(): app.PartOwed}, s.owing(t, seller.ID, l.Now()), when)
		require.Empty(t, s.owing(t, newID(), l.Now()))
	}
	requireOwing(true, "before the sale is opened")
	s.open(t, l)
	requireOwing(true, "opened")
	s.change(t, l.ID(), handedOver(seller, l.Now()))
	s.change(t, l.ID(), received(domain.Actor{ID: buyer}, l.Now()))
	requireOwing(true, "handed over and received, but not paid")
	s.change(t, l.ID(), paid(seller, l.Now()))
	requireOwing(false, "paid")

	other := sold(seller.ID, buyer)
	s.keep(t, other)
	s.open(t, other, paid(seller, l.Now()))
	s.change(t, other.ID(), func(sale *domain.Sale) error { return ok(sale.UnmarkPaid(seller, l.Now())) })
	require.Equal(t, map[uuid.UUID]app.Part{other.ID(): app.PartOwes}, s.owing(t, buyer, l.Now()), "paid by mistake")
}

func paidMayBeOwingAgain(t *testing.T, s *subject) {
	seller, buyer := domain.Actor{ID: newID()}, newID()
	l := sold(seller.ID, buyer)
	s.keep(t, l)
	s.open(t, l, paid(seller, l.Now()))
	last := l.Now().Add(domain.UnmarkWithin)
	for _, now := range []time.Time{l.Now(), last} {
		require.Equal(t, map[uuid.UUID]app.Part{l.ID(): app.PartOwes + ", over"}, s.owing(t, buyer, now))
		require.Equal(t, map[uuid.UUID]app.Part{l.ID(): app.PartOwed + ", over"}, s.owing(t, seller.ID, now))
		require.Empty(t, s.owing(t, newID(), now))
	}
	require.Empty(t, s.owing(t, buyer, last.Add(time.Microsecond)))
	require.Empty(t, s.owing(t, seller.ID, last.Add(time.Microsecond)))

	for range 3 { // what is owing comes first
		s.keep(t, sold(newID(), buyer))
	}
	found, err := s.Dealings.Owing(t.Context(), buyer, last, 3)
	require.NoError(t, err)
	require.Len(t, found, 3)
	for _, d := range found {
		require.False(t, d.Over)
	}
	s.change(t, l.ID(), received(domain.Actor{ID: buyer}, l.Now()))
	require.NotContains(t, s.owing(t, buyer, l.Now()), l.ID(), "what is received is paid for good")
}

func owingLimited(t *testing.T, s *subject) {
	me := newID()
	var want []app.Dealing
	for _, part := range []app.Part{app.PartOwes, app.PartOwed} {
		var ids []uuid.UUID
		for range 3 {
			l := sold(newID(), me)
			if part == app.PartOwed {
				l = sold(me, newID())
			}
			s.keep(t, l)
			ids = append(ids, l.ID())
		}
		slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
		for _, id := range ids {
			want = append(want, app.Dealing{Listing: id, Title: s.state(t, id).Title, Part: part})
		}
	}
	for limit := 1; limit <= len(want)+1; limit++ {
		found, err := s.Dealings.Owing(t.Context(), me, builders.Epoch, limit)
		require.NoError(t, err)
		require.Equal(t, want[:min(limit, len(want))], found)
	}
}
