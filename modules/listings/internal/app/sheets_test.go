package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
)

func TestPeriod(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	now := time.Date(2026, 3, 31, 22, 30, 0, 0, time.UTC) // the first of April, in Berlin
	for name, test := range map[string]struct{ first, last, begin, end string }{
		"nothing said is 30 days with today":     {"", "", "2026-03-02T23:00:00Z", "2026-04-01T22:00:00Z"},
		"a day":                                  {"2026-02-01", "2026-02-01", "2026-01-31T23:00:00Z", "2026-02-01T23:00:00Z"},
		"a day of 23 hours":                      {"2026-03-29", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		"from a day until today":                 {"2026-03-31", "", "2026-03-30T22:00:00Z", "2026-04-01T22:00:00Z"},
		"a day that lies ahead":                  {"2026-05-01", "", "2026-04-30T22:00:00Z", "2026-05-01T22:00:00Z"},
		"30 days before a day":                   {"", "2026-01-30", "2025-12-31T23:00:00Z", "2026-01-30T23:00:00Z"},
		"366 days, the most":                     {"2025-01-01", "2026-01-01", "2024-12-31T23:00:00Z", "2026-01-01T23:00:00Z"},
		"367 days":                               {"2025-01-01", "2026-01-02", "", ""},
		"the last before the first":              {"2026-02-02", "2026-02-01", "", ""},
		"no date":                                {"yesterday", "", "", ""},
		"no such day":                            {"", "2026-02-29", "", ""},
		"an instant":                             {"2026-02-01T12:00:00Z", "", "", ""},
		"a year for which there is no other way": {"0001-01-01", "0001-01-02", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			period, err := app.NewPeriod(test.first, test.last, berlin, now)
			if test.begin == "" {
				require.ErrorIs(t, err, app.ErrInvalidPeriod)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.begin, period.Begin().Format(time.RFC3339))
			require.Equal(t, test.end, period.End().Format(time.RFC3339))
		})
	}
}

// wins are some that are won, in order.
type wins []app.Win

func (w wins) Won(_ context.Context, wanted app.WonRange, _ time.Time) (found []app.Win, err error) {
	for _, win := range w {
		if win.EndedAt.After(wanted.After.At) && len(found) < wanted.Limit {
			found = append(found, win)
		}
	}
	return found, nil
}

// directory calls everybody the same, except one who has left.
type directory struct{ left uuid.UUID }

func (d directory) Names(_ context.Context, members []uuid.UUID) (map[uuid.UUID]profilesapi.Name, error) {
	names := map[uuid.UUID]profilesapi.Name{}
	for _, m := range members {
		names[m] = profilesapi.Name{Handle: "handle", DisplayName: "Somebody"}
		if m == d.left {
			names[m] = profilesapi.Name{Handle: "deleted-x", DisplayName: "Deleted member"}
		}
	}
	return names, nil
}

func sheetsOf(won wins, known contacts, left uuid.UUID) (*app.Sheets, app.Period) {
	c := clock.NewVirtual(builders.Epoch)
	sheets := app.NewSheets(app.SheetParts{Winners: won, Names: directory{left}, Contacts: known, Clock: c, Zone: time.UTC})
	day := builders.Epoch.Truncate(24 * time.Hour)
	return sheets, app.Period{First: day.AddDate(0, 0, -1), Last: day}
}

// texts reads a sheet to its end.
func texts(t *testing.T, sheet app.Sheet) (rows [][]string) {
	t.Helper()
	for cells, err := range sheet.Rows {
		require.NoError(t, err)
		require.Len(t, cells, len(sheet.Columns))
		var row []string
		for _, cell := range cells {
			row = append(row, cell.Text)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestDuesAreSummedByBuyerAndCurrency(t *testing.T) {
	t.Parallel()
	ben, cleo, gone := uuid.New(), uuid.New(), uuid.New()
	known := contacts{
		ben:  {Name: profilesapi.Name{Handle: "ben", DisplayName: "Ben"}, Email: "ben@example.org"},
		cleo: {Name: profilesapi.Name{Handle: "cleo", DisplayName: "Cleo"}},
	}
	dollars, yen := domain.Currency{Code: "USD", Digits: 2}, domain.Currency{Code: "JPY"}
	var won wins
	add := func(buyer uuid.UUID, price domain.Money, paid bool) {
		at := builders.Epoch.Add(time.Duration(len(won)) * time.Microsecond)
		win := app.Win{Listing: uuid.New(), Winner: buyer, Price: price, EndedAt: at}
		if paid {
			win.PaidAt = at
		}
		won = append(won, win)
	}
	for range 250 { // more than are read at once
		add(ben, dollars.Money(101), false)
	}
	add(ben, dollars.Money(50), true)
	add(ben, yen.Money(7), false)
	add(cleo, dollars.Money(1), true)
	add(gone, dollars.Money(3), false)
	sheets, period := sheetsOf(won, known, gone)
	sheet, err := sheets.Dues(t.Context(), period)
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"ben", "Ben", "ben@example.org", "1", "7", "0", "JPY"},
		{"ben", "Ben", "ben@example.org", "251", "252.50", "0.50", "USD"},
		{"cleo", "Cleo", "", "1", "0.00", "0.01", "USD"},
		{"deleted-x", "Deleted member", "", "1", "0.03", "0.00", "USD"},
	}, texts(t, sheet))
	winners, err := sheets.Winners(t.Context(), period)
	require.NoError(t, err)
	require.Len(t, texts(t, winners), len(won))

	for range 10_000 {
		add(ben, dollars.Money(domain.MaxMinor), false)
	}
	sheets, period = sheetsOf(won[len(won)-9_223:], known, gone)
	_, err = sheets.Dues(t.Context(), period)
	require.NoError(t, err, "as much as can be told")
	sheets, period = sheetsOf(won, known, gone)
	_, err = sheets.Dues(t.Context(), period)
	require.ErrorIs(t, err, domain.ErrAmountTooLarge, "a sum is never wrong")
}

func TestASheetOfSumsHasAnEnd(t *testing.T) {
	t.Parallel()
	var won wins
	for i := range 10_001 {
		won = append(won, app.Win{
			Listing: uuid.New(), Winner: uuid.New(), Price: builders.USD.Money(1),
			EndedAt: builders.Epoch.Add(time.Duration(i) * time.Microsecond),
		})
	}
	sheets, period := sheetsOf(won[1:], contacts{}, uuid.Nil)
	sheet, err := sheets.Dues(t.Context(), period)
	require.NoError(t, err)
	require.Len(t, texts(t, sheet), 10_000)
	sheets, period = sheetsOf(won, contacts{}, uuid.Nil)
	_, err = sheets.Dues(t.Context(), period)
	require.ErrorIs(t, err, app.ErrSheetTooLong)
}

func TestASheetOfBidsHoldsNoHiddenMaximum(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	loser, leader := uuid.New(), uuid.New()
	l := builders.Draft().Published().BidBy(loser, "20").BidBy(leader, "33.44")
	l.Store(t, h.work, h.listings)
	sheets := app.NewSheets(app.SheetParts{Bids: h.bids, Names: directory{}, Clock: h.clock, Zone: time.UTC})
	sheet, err := sheets.Bids(t.Context(), l.ID())
	require.NoError(t, err)
	rows := texts(t, sheet)
	require.Len(t, rows, 2)
	require.Equal(t, []string{"handle", "", "USD", "live"}, []string{rows[0][2], rows[0][3], rows[0][5], rows[0][6]}, "the leader's")
	require.Equal(t, "20.00", rows[1][3], "what lost is public")
	require.NotContains(t, fmt.Sprint(rows), "33.44")
	_, err = sheets.Bids(t.Context(), uuid.New())
	require.ErrorIs(t, err, domain.ErrListingNotFound)
	draft := builders.Draft()
	draft.Store(t, h.work, h.listings)
	_, err = sheets.Bids(t.Context(), draft.ID())
	require.ErrorIs(t, err, domain.ErrListingNotFound)
}
