package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/page"
)

// ErrSheetTooLong: a sheet whose rows are sums has more of them than are gathered at once.
var ErrSheetTooLong = fault.New(fault.Invalid, "sheet_too_long", "There is too much for one sheet. Ask for fewer days.").
	With("field", "from")

// maxDues is how many rows of dues are gathered at once.
const maxDues = 10_000

// SheetParts are what the sheets are made of.
type SheetParts struct {
	Views    Views
	Bids     *BidHistory
	Winners  Winners
	Names    profilesapi.Directory
	Contacts profilesapi.Contacts
	Clock    clock.Clock
	// Zone is where the days of periods begin.
	Zone *time.Location
}

// Sheets answer what a house wants to print: for those with listingsapi.Sheets, which whoever asks must have checked. They
// are read while the market goes on, a page at a time, so a listing whose end moves meanwhile can be missed. No cell holds a
// maximum that is not public, a reserve, or a listing's secret.
type Sheets struct{ SheetParts }

// NewSheets returns the query.
func NewSheets(parts SheetParts) *Sheets { return &Sheets{parts} }

// Period returns the days that were asked for: see NewPeriod. Errors: ErrInvalidPeriod.
func (q *Sheets) Period(first, last string) (Period, error) {
	return NewPeriod(first, last, q.Zone, q.Clock.Now())
}

// sheetPage is how many rows are read at once.
const sheetPage = page.MaxLimit

// Lots returns the published listings that end within the period, by end. Errors: what the stores report.
func (q *Sheets) Lots(ctx context.Context, p Period) (Sheet, error) {
	now, request := q.Clock.Now(), page.Request{Limit: sheetPage}
	after := WonKey{At: p.Begin()}
	filter := Filter{EndsAfter: p.Begin().Add(-time.Microsecond), EndsBefore: p.End()}
	return newSheet([]Column{
		{Name: "id", Title: "Listing"},
		{Name: "title", Title: "Title"},
		{Name: "seller", Title: "Seller"},
		{Name: "start_price", Title: "Start price", Number: true},
		{Name: "price", Title: "Price", Number: true},
		{Name: "currency", Title: "Currency"},
		{Name: "state", Title: "State"},
		{Name: "starts_at", Title: "Starts"},
		{Name: "ends_at", Title: "Ends"},
		{Name: "bids", Title: "Bids", Number: true},
	}, func() ([][]Cell, bool, error) {
		found, err := q.Views.Listings(ctx, filter, domain.Actor{}, request, now)
		if err != nil {
			return nil, false, fmt.Errorf("read a sheet of lots: %w", err)
		}
		request.Cursor = found.Next
		names, err := q.names(ctx, idsOf(found.Items, func(l ListingSummary) uuid.UUID { return l.Seller }))
		if err != nil {
			return nil, false, err
		}
		prices, err := q.finalPrices(ctx, after, found.Items, now)
		if err != nil {
			return nil, false, err
		}
		var rows [][]Cell
		for _, l := range found.Items {
			price, sold := prices[l.ID]
			if !sold {
				price = l.Price
			}
			after = keyOf(l)
			rows = append(rows, []Cell{
				text(l.ID.String()), text(l.Title), text(names[l.Seller].Handle), text(l.StartPrice.Decimal()), text(price.Decimal()),
				text(price.Currency.Code), text(string(l.Status)), instant(l.StartsAt), instant(l.EndsAt), text(number(l.Bids)),
			})
		}
		return rows, found.Next != "", nil
	})
}

// finalPrices returns what was paid for those of the lots that are sold, which was at once not the price that was bid. The
// lots are behind after and in order. Errors: what the store reports.
func (q *Sheets) finalPrices(
	ctx context.Context, after WonKey, lots []ListingSummary, now time.Time,
) (map[uuid.UUID]domain.Money, error) {
	prices := map[uuid.UUID]domain.Money{}
	if len(lots) == 0 {
		return prices, nil
	}
	last := keyOf(lots[len(lots)-1])
	wanted := WonRange{After: after, Before: last.At.Add(time.Microsecond), Limit: sheetPage}
	for more := true; more; {
		wins, err := q.SheetParts.Winners.Won(ctx, wanted, now)
		if err != nil {
			return nil, fmt.Errorf("look up what lots were sold for: %w", err)
		}
		for _, w := range wins {
			prices[w.Listing], wanted.After = w.Price, w.Key()
		}
		more = len(wins) == sheetPage && wanted.After.before(last)
	}
	return prices, nil
}

func keyOf(l ListingSummary) WonKey { return WonKey{At: l.EndsAt, ID: l.ID} }

// Bids returns the bids on a listing, the newest first. It asks as a moderator who is nobody: he sees who bids, and no
// maximum that everybody may not see, not even one of his own. Errors: domain.ErrListingNotFound, also for drafts; what the
// stores report.
func (q *Sheets) Bids(ctx context.Context, listing uuid.UUID) (Sheet, error) {
	request := page.Request{Limit: sheetPage}
	return newSheet([]Column{
		{Name: "seq", Title: "Number", Number: true},
		{Name: "at", Title: "Time"},
		{Name: "bidder", Title: "Bidder"},
		{Name: "amount", Title: "Amount", Number: true},
		{Name: "price", Title: "Price after it", Number: true},
		{Name: "currency", Title: "Currency"},
		{Name: "standing", Title: "Standing"},
	}, func() ([][]Cell, bool, error) {
		found, err := q.SheetParts.Bids.Page(ctx, listing, domain.Actor{Moderator: true}, request)
		if err != nil {
			return nil, false, fmt.Errorf("read a sheet of bids: %w", err)
		}
		request.Cursor = found.Next
		names, err := q.names(ctx, idsOf(found.Items, func(b BidRecord) uuid.UUID { return b.BidderID }))
		if err != nil {
			return nil, false, err
		}
		var rows [][]Cell
		for _, b := range found.Items {
			rows = append(rows, []Cell{
				text(number(b.Seq)), instant(b.At), text(names[b.BidderID].Handle), text(public(b.Maximum)), text(b.Price.Decimal()),
				text(b.Price.Currency.Code), text(string(b.Standing)),
			})
		}
		return rows, found.Next != "", nil
	})
}

// Winners returns what was sold within the period, by end, with how to reach who has won it. Errors: what the stores report.
func (q *Sheets) Winners(ctx context.Context, p Period) (Sheet, error) {
	read := q.wins(ctx, p)
	return newSheet([]Column{
		{Name: "listing", Title: "Listing"},
		{Name: "title", Title: "Title"},
		{Name: "price", Title: "Price", Number: true},
		{Name: "currency", Title: "Currency"},
		{Name: "winner", Title: "Winner"},
		{Name: "display_name", Title: "Name"},
		{Name: "email", Title: "E-mail"},
		{Name: "sold_at", Title: "Sold"},
		{Name: "paid_at", Title: "Paid"},
		{Name: "handed_over_at", Title: "Handed over"},
		{Name: "received_at", Title: "Received"},
	}, func() ([][]Cell, bool, error) {
		wins, err := read()
		if err != nil {
			return nil, false, err
		}
		contacts, err := q.contacts(ctx, idsOf(wins, func(w Win) uuid.UUID { return w.Winner }))
		if err != nil {
			return nil, false, err
		}
		var rows [][]Cell
		for _, w := range wins {
			c := contacts[w.Winner]
			rows = append(rows, []Cell{
				text(w.Listing.String()), text(w.Title), text(w.Price.Decimal()), text(w.Price.Currency.Code), text(c.Handle),
				text(c.DisplayName), text(c.Email), instant(w.EndedAt), instant(w.PaidAt), instant(w.HandedOverAt), instant(w.ReceivedAt),
			})
		}
		return rows, len(wins) == sheetPage, nil
	})
}

// wins returns a function that returns the next wins of the period, fewer than sheetPage at its end.
func (q *Sheets) wins(ctx context.Context, p Period) func() ([]Win, error) {
	now := q.Clock.Now()
	wanted := WonRange{After: WonKey{At: p.Begin()}, Before: p.End(), Limit: sheetPage}
	return func() ([]Win, error) {
		wins, err := q.SheetParts.Winners.Won(ctx, wanted, now)
		if len(wins) > 0 {
			wanted.After = wins[len(wins)-1].Key()
		}
		return wins, err
	}
}

// debtor is whose dues are summed, and in which currency.
type debtor struct {
	buyer    uuid.UUID
	currency domain.Currency
}

// dues are what one has bought.
type dues struct {
	debtor
	contact     profilesapi.Contact
	count       int64
	owing, paid domain.Money
}

// Dues returns what the buyers of the period owe and have paid, by handle and currency. Errors: ErrSheetTooLong;
// domain.ErrAmountTooLarge for a sum that cannot be told; what the stores report.
func (q *Sheets) Dues(ctx context.Context, p Period) (Sheet, error) {
	all, err := q.sums(ctx, p)
	if err != nil {
		return Sheet{}, err
	}
	for part := range slices.Chunk(all, sheetPage) {
		contacts, err := q.contacts(ctx, idsOf(part, func(d *dues) uuid.UUID { return d.buyer }))
		if err != nil {
			return Sheet{}, err
		}
		for _, d := range part {
			d.contact = contacts[d.buyer]
		}
	}
	slices.SortFunc(all, func(a, b *dues) int {
		return cmp.Or(cmp.Compare(a.contact.Handle, b.contact.Handle), cmp.Compare(a.currency.Code, b.currency.Code))
	})
	return newSheet([]Column{
		{Name: "buyer", Title: "Buyer"},
		{Name: "display_name", Title: "Name"},
		{Name: "email", Title: "E-mail"},
		{Name: "count", Title: "Bought", Number: true},
		{Name: "owing", Title: "Owing", Number: true},
		{Name: "paid", Title: "Paid", Number: true},
		{Name: "currency", Title: "Currency"},
	}, func() (rows [][]Cell, more bool, err error) {
		for _, d := range all {
			rows = append(rows, []Cell{
				text(d.contact.Handle), text(d.contact.DisplayName), text(d.contact.Email), text(number(d.count)),
				text(d.owing.Decimal()), text(d.paid.Decimal()), text(d.currency.Code),
			})
		}
		return rows, false, nil
	})
}

// sums adds up what was bought in the period. Errors: as Dues.
func (q *Sheets) sums(ctx context.Context, p Period) ([]*dues, error) {
	byDebtor, all := map[debtor]*dues{}, []*dues(nil)
	for read, more := q.wins(ctx, p), true; more; {
		wins, err := read()
		if err != nil {
			return nil, err
		}
		for _, w := range wins {
			key := debtor{w.Winner, w.Price.Currency}
			d, found := byDebtor[key]
			if !found {
				d = &dues{debtor: key, owing: key.currency.Money(0), paid: key.currency.Money(0)}
				byDebtor[key], all = d, append(all, d)
			}
			if err := d.add(w); err != nil {
				return nil, err
			}
		}
		if len(all) > maxDues {
			return nil, ErrSheetTooLong
		}
		more = len(wins) == sheetPage
	}
	return all, nil
}

// add counts one purchase. Errors: domain.ErrAmountTooLarge.
func (d *dues) add(w Win) (err error) {
	d.count++
	sum := &d.owing
	if !w.PaidAt.IsZero() {
		sum = &d.paid
	}
	*sum, err = sum.Plus(w.Price)
	return err
}

// names looks members up, with one query. Errors: what their store reports.
func (q *Sheets) names(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Name, error) {
	names, err := q.Names.Names(ctx, members)
	if err != nil {
		return nil, fmt.Errorf("look up what %d members are called: %w", len(members), err)
	}
	return names, nil
}

// contacts looks up how to reach members. Those who have left are called by what is left of their name. Errors: what the
// members' store reports.
func (q *Sheets) contacts(ctx context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Contact, error) {
	contacts, err := q.Contacts.Contacts(ctx, members)
	if err != nil {
		return nil, fmt.Errorf("look up how to reach %d members: %w", len(members), err)
	}
	names, err := q.names(ctx, members)
	if err != nil {
		return nil, err
	}
	all := make(map[uuid.UUID]profilesapi.Contact, len(members))
	for _, member := range members {
		contact, there := contacts[member]
		if !there {
			contact = profilesapi.Contact{Name: names[member]}
		}
		all[member] = contact
	}
	return all, nil
}

// idsOf returns the ids of members, each once.
func idsOf[T any](items []T, id func(T) uuid.UUID) []uuid.UUID {
	var ids []uuid.UUID
	seen := map[uuid.UUID]bool{}
	for _, item := range items {
		if member := id(item); !seen[member] {
			seen[member], ids = true, append(ids, member)
		}
	}
	return ids
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// public is empty for zero, which means that it is not to be known.
func public(m domain.Money) string {
	if m.Minor == 0 {
		return ""
	}
	return m.Decimal()
}
