package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

const (
	oneDay = 24 * time.Hour
	tick   = time.Microsecond
)

var saleTerms = domain.SaleTerms{PayWithin: 7 * oneDay, RemindBefore: 2 * oneDay, Grace: 3 * oneDay}

// soldListing is a listing that ended at the start of the tests' time.
func soldListing() domain.State {
	return domain.State{
		ID: uuid.New(), Title: "Brass lamp", Seller: uuid.New(), Winner: uuid.New(), Status: domain.StatusSold,
		EndsAt: start, Currency: domain.Currency{Code: "USD", Digits: 2}, FinalPrice: 20_50,
	}
}

// parties are a sale, and who may have to do with it.
type parties struct {
	sale                               *domain.Sale
	seller, buyer, moderator, stranger domain.Actor
}

func newParties(t *testing.T) parties {
	t.Helper()
	listing := soldListing()
	sale, err := domain.OpenSale(listing, saleTerms, start)
	require.NoError(t, err)
	sale.Settle()
	return parties{
		sale: sale, seller: domain.Actor{ID: listing.Seller}, buyer: domain.Actor{ID: listing.Winner},
		moderator: domain.Actor{ID: uuid.New(), Moderator: true}, stranger: domain.Actor{ID: uuid.New()},
	}
}

func TestASaleIsOpenedForWhatIsSold(t *testing.T) {
	t.Parallel()
	for _, status := range []domain.Status{
		domain.StatusDraft, domain.StatusScheduled, domain.StatusOpen, domain.StatusUnsoldNoBids, domain.StatusUnsoldReserve,
		domain.StatusCancelled,
	} {
		listing := soldListing()
		listing.Status = status
		_, err := domain.OpenSale(listing, saleTerms, start)
		require.ErrorIs(t, err, domain.ErrSaleNotFound, status)
	}
	listing := soldListing()
	sale, err := domain.OpenSale(listing, saleTerms, start)
	require.NoError(t, err)
	require.Zero(t, sale.Version())
	recorded, changed := sale.Settle()
	require.Empty(t, recorded)
	require.True(t, changed)
	require.Equal(t, domain.SaleState{
		ID: listing.ID, Version: 1, Title: "Brass lamp", Seller: listing.Seller, Buyer: listing.Winner,
		Price: listing.Currency.Money(20_50), SoldAt: start,
		RemindAt: start.Add(5 * oneDay), PayBy: start.Add(7 * oneDay), OverdueFrom: start.Add(10 * oneDay),
	}, sale.State())
}

func TestWhoLearnsLateHasTheWholeTime(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]time.Time{
		0: start.Add(7 * oneDay), time.Hour: start.Add(7 * oneDay), time.Hour + tick: start.Add(7*oneDay + time.Hour + tick),
		100 * oneDay: start.Add(107 * oneDay),
	} {
		sale, err := domain.OpenSale(soldListing(), saleTerms, start.Add(after))
		require.NoError(t, err)
		require.Equal(t, want, sale.State().PayBy, after)
		require.Equal(t, start, sale.State().SoldAt)
	}
}

func TestAReminderThatHasNoTimeIsLeftOut(t *testing.T) {
	t.Parallel()
	for before, want := range map[time.Duration]time.Duration{
		0: 7 * oneDay, tick: 7*oneDay - tick, 7*oneDay - tick: tick, 7 * oneDay: 7 * oneDay, 8 * oneDay: 7 * oneDay,
	} {
		terms := saleTerms
		terms.RemindBefore = before
		sale, err := domain.OpenSale(soldListing(), terms, start)
		require.NoError(t, err)
		require.Equal(t, start.Add(want), sale.State().RemindAt, before)
		if want == 7*oneDay {
			require.Equal(t, domain.SaleRemindedDue, sale.KeepTime(start.Add(want)), "one reminder, not two at once")
		}
	}
}

func TestWhoMayMarkWhat(t *testing.T) {
	t.Parallel()
	marks := map[string]func(*domain.Sale, domain.Actor) (bool, error){
		"paid":        func(s *domain.Sale, by domain.Actor) (bool, error) { return s.MarkPaid(by, start) },
		"not paid":    func(s *domain.Sale, by domain.Actor) (bool, error) { return s.UnmarkPaid(by, start) },
		"handed over": func(s *domain.Sale, by domain.Actor) (bool, error) { return s.MarkHandedOver(by, start) },
		"received":    func(s *domain.Sale, by domain.Actor) (bool, error) { return s.MarkReceived(by, start) },
	}
	for name, want := range map[string]struct{ seller, buyer, moderator error }{
		"paid":        {buyer: domain.ErrNotSeller},
		"not paid":    {buyer: domain.ErrNotSeller},
		"handed over": {buyer: domain.ErrNotSeller, moderator: domain.ErrNotSeller},
		"received":    {seller: domain.ErrNotBuyer, moderator: domain.ErrNotBuyer},
	} {
		for who, c := range map[string]struct {
			by   func(parties) domain.Actor
			want error
		}{
			"seller":             {func(p parties) domain.Actor { return p.seller }, want.seller},
			"buyer":              {func(p parties) domain.Actor { return p.buyer }, want.buyer},
			"moderator":          {func(p parties) domain.Actor { return p.moderator }, want.moderator},
			"moderator who buys": {func(p parties) domain.Actor { return domain.Actor{ID: p.buyer.ID, Moderator: true} }, want.buyer},
			"stranger":           {func(p parties) domain.Actor { return p.stranger }, domain.ErrSaleNotFound},
			"guest":              {func(parties) domain.Actor { return domain.Actor{} }, domain.ErrSaleNotFound},
		} {
			p := newParties(t)
			if name == "not paid" {
				_, err := p.sale.MarkPaid(p.seller, start)
				require.NoError(t, err)
				p.sale.Settle()
			}
			before := p.sale.State()
			news, err := marks[name](p.sale, c.by(p))
			require.ErrorIs(t, err, c.want, "%s by the %s", name, who)
			require.Equal(t, c.want == nil, news, "%s by the %s", name, who)
			if c.want != nil {
				_, changed := p.sale.Settle()
				require.False(t, changed)
				require.Equal(t, before, p.sale.State())
			}
		}
	}
}

func TestMarksStayAsTheyAre(t *testing.T) {
	t.Parallel()
	p := newParties(t)
	for _, at := range []time.Time{start.Add(time.Hour), start.Add(2 * time.Hour)} {
		first := at.Equal(start.Add(time.Hour))
		news, err := p.sale.MarkHandedOver(p.seller, at) // before it is paid
		require.NoError(t, err)
		require.Equal(t, first, news)
		news, err = p.sale.MarkReceived(p.buyer, at)
		require.NoError(t, err)
		require.Equal(t, first, news)
		news, err = p.sale.MarkPaid(p.seller, at)
		require.NoError(t, err)
		require.Equal(t, first, news)
		recorded, changed := p.sale.Settle()
		require.Equal(t, first, changed)
		require.Equal(t, first, len(recorded) == 1, "paid is news to others, once")
	}
	s := p.sale.State()
	require.Equal(t, []time.Time{start.Add(time.Hour), start.Add(time.Hour), start.Add(time.Hour)},
		[]time.Time{s.PaidAt, s.HandedOverAt, s.ReceivedAt})
	require.EqualValues(t, 2, s.Version)
}

func TestAClockThatWentBackMarksNothingBeforeTheSale(t *testing.T) {
	t.Parallel()
	p := newParties(t)
	_, err := p.sale.MarkPaid(p.seller, start.Add(-time.Hour))
	require.NoError(t, err)
	require.Equal(t, start, p.sale.State().PaidAt)
}

func TestAPaymentIsUnmarkedWithinADay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		after    time.Duration
		received bool
		want     error
	}{
		"at once":                      {},
		"after exactly a day":          {after: oneDay},
		"a microsecond later":          {after: oneDay + tick, want: domain.ErrTooLateToUnmark},
		"once the buyer has his thing": {received: true, want: domain.ErrTooLateToUnmark},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newParties(t)
			news, err := p.sale.UnmarkPaid(p.seller, start)
			require.NoError(t, err)
			require.False(t, news, "what is not marked is not unmarked")
			_, err = p.sale.MarkPaid(p.seller, start.Add(time.Hour))
			require.NoError(t, err)
			require.Zero(t, p.sale.State().Due())
			if c.received {
				_, err := p.sale.MarkReceived(p.buyer, start.Add(time.Hour))
				require.NoError(t, err)
			}
			_, err = p.sale.UnmarkPaid(p.seller, start.Add(time.Hour+c.after))
			require.ErrorIs(t, err, c.want)
			require.Equal(t, c.want == nil, p.sale.State().PaidAt.IsZero())
			require.Equal(t, c.want == nil, p.sale.State().Due().Equal(start.Add(5*oneDay)), "it is owing by the same day")
		})
	}
}

func TestTheClockRemindsAndThenTells(t *testing.T) {
	t.Parallel()
	p := newParties(t)
	tasks := []struct {
		at      time.Duration
		want    domain.SaleTask
		version int64
	}{
		{5*oneDay - tick, "", 1},
		{5 * oneDay, domain.SaleRemindedEarly, 2},
		{7*oneDay - tick, "", 2},
		{7 * oneDay, domain.SaleRemindedDue, 3},
		{10*oneDay - tick, "", 3},
		{10 * oneDay, domain.SaleFoundOverdue, 4},
		{11 * oneDay, "", 4},
		{1000 * oneDay, "", 4},
	}
	for _, task := range tasks {
		require.Equal(t, task.want, p.sale.KeepTime(start.Add(task.at)), task.at)
		recorded, _ := p.sale.Settle()
		require.EqualValues(t, task.version, p.sale.Version(), task.at)
		if task.want == domain.SaleFoundOverdue {
			require.Equal(t, []domain.SaleEvent{{Kind: domain.SaleOverdue, Seq: 4, At: start.Add(task.at)}}, recorded)
			continue
		}
		require.Empty(t, recorded)
	}
	require.Equal(t, start.Add(10*oneDay), p.sale.State().OverdueAt)
	_, err := p.sale.MarkPaid(p.seller, start.Add(12*oneDay))
	require.NoError(t, err)
	p.sale.Settle()
	_, err = p.sale.UnmarkPaid(p.seller, start.Add(12*oneDay+tick))
	require.NoError(t, err)
	recorded, _ := p.sale.Settle()
	require.Equal(t, []domain.SaleEvent{{Kind: domain.SaleUnpaid, Seq: 6, At: start.Add(12*oneDay + tick)}}, recorded)
	require.Empty(t, p.sale.KeepTime(start.Add(20*oneDay)), "it is told once, whatever comes after")
	require.Equal(t, start.Add(10*oneDay), p.sale.State().OverdueAt)
}

func TestAfterAPauseOnlyTheLatestCounts(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]domain.SaleTask{
		7*oneDay - tick: domain.SaleRemindedEarly, 7 * oneDay: domain.SaleRemindedDue, 10*oneDay - tick: domain.SaleRemindedDue,
		10 * oneDay: domain.SaleFoundOverdue, 99 * oneDay: domain.SaleFoundOverdue,
	} {
		p := newParties(t)
		require.Equal(t, want, p.sale.KeepTime(start.Add(after)), after)
		require.Empty(t, p.sale.KeepTime(start.Add(after)), "nothing twice")
	}
	p := newParties(t)
	_, err := p.sale.MarkPaid(p.seller, start)
	require.NoError(t, err)
	require.Empty(t, p.sale.KeepTime(start.Add(99*oneDay)), "nobody is reminded of what is paid")
}

func TestASnapshotOfASaleIsIndependent(t *testing.T) {
	t.Parallel()
	p := newParties(t)
	copied := p.sale.Snapshot()
	_, err := copied.MarkPaid(p.seller, start)
	require.NoError(t, err)
	require.Zero(t, p.sale.State().PaidAt)
	_, changed := p.sale.Settle()
	require.False(t, changed)
}
