package domain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

func TestBuiltInTables(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		table    string
		currency domain.Currency
		want     map[int64]int64 // price to increment, at both sides of each bound
	}{
		"ebay-us-classic": {table: "ebay-us-classic", currency: usd, want: map[int64]int64{
			1: 5, 99: 5, 100: 25, 499: 25, 500: 50, 24_99: 50, 25_00: 100, 99_99: 100, 100_00: 250, 249_99: 250,
			250_00: 500, 499_99: 500, 500_00: 1000, 999_99: 1000, 1000_00: 2500, 2499_99: 2500, 2500_00: 5000,
			4999_99: 5000, 5000_00: 10000, domain.MaxMinor: 10000,
		}},
		"ebay-uk": {table: "ebay-uk", currency: usd, want: map[int64]int64{
			1: 5, 99: 5, 100: 20, 499: 20, 500: 50, 14_99: 50, 15_00: 100, 59_99: 100, 60_00: 200, 149_99: 200,
			150_00: 500, 299_99: 500, 300_00: 1000, 599_99: 1000, 600_00: 2000, 1499_99: 2000, 1500_00: 5000,
			2999_99: 5000, 3000_00: 10000,
		}},
		"without digits the minor units stay": {table: "ebay-us-classic", currency: jpy, want: map[int64]int64{
			1: 5, 99: 5, 100: 25, 499: 25, 500: 50, 500000: 10000,
		}},
		"with three digits they are tenfold, from 1": {table: "ebay-us-classic", currency: kwd, want: map[int64]int64{
			1: 50, 10: 50, 999: 50, 1000: 250, 4999: 250, 5000: 500,
		}},
		"flat":                {table: "flat:2.50", currency: usd, want: map[int64]int64{1: 250, domain.MaxMinor: 250}},
		"flat without digits": {table: "flat:250", currency: jpy, want: map[int64]int64{1: 250}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, err := domain.BuiltInTable(tt.table, tt.currency)
			require.NoError(t, err)
			require.Equal(t, tt.table, table.Name())
			require.EqualValues(t, 1, table.Rows()[0].From)
			for price, want := range tt.want {
				require.Equal(t, want, table.Increment(price), "at %d", price)
			}
		})
	}
}

func TestUnknownTablesAreRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "ebay", "flat", "flat:", "flat:0", "flat:-1", "flat:1.001", "EBAY-UK"} {
		_, err := domain.BuiltInTable(name, usd)
		require.ErrorIs(t, err, domain.ErrInvalidIncrementTable, name)
	}
}

func TestNewIncrementTable(t *testing.T) {
	t.Parallel()
	type rows = []domain.IncrementRow
	tests := map[string]struct {
		name string
		rows rows
		ok   bool
	}{
		"one row":                       {name: "house", rows: rows{{1, 1}}, ok: true},
		"equal increments":              {name: "house", rows: rows{{1, 5}, {2, 5}}, ok: true},
		"the largest increment":         {name: "house", rows: rows{{1, domain.MaxMinor}}, ok: true},
		"a larger increment":            {name: "house", rows: rows{{1, domain.MaxMinor + 1}}},
		"no row":                        {name: "house"},
		"not from 1":                    {name: "house", rows: rows{{2, 5}}},
		"from 0":                        {name: "house", rows: rows{{0, 5}}},
		"from does not rise":            {name: "house", rows: rows{{1, 5}, {1, 6}}},
		"from falls":                    {name: "house", rows: rows{{1, 5}, {10, 6}, {9, 7}}},
		"an increment of 0":             {name: "house", rows: rows{{1, 0}}},
		"a smaller increment":           {name: "house", rows: rows{{1, 5}, {2, 4}}},
		"no name":                       {rows: rows{{1, 1}}},
		"a name of 60 bytes":            {name: strings.Repeat("h", 60), rows: rows{{1, 1}}, ok: true},
		"a name of 61 bytes":            {name: strings.Repeat("h", 61), rows: rows{{1, 1}}},
		"the name of a built-in table":  {name: "ebay-uk", rows: rows{{1, 1}}},
		"a name that looks like a flat": {name: "flat:1", rows: rows{{1, 1}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, err := domain.NewIncrementTable(tt.name, tt.rows)
			if !tt.ok {
				require.ErrorIs(t, err, domain.ErrInvalidIncrementTable)
				require.Equal(t, "invalid_increment_table", fault.CodeOf(err))
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.rows, table.Rows())
			require.True(t, table.Equal(domain.RestoreIncrementTable(tt.name, tt.rows)))
		})
	}
}

func TestTablesDoNotShareTheirRows(t *testing.T) {
	t.Parallel()
	rows := []domain.IncrementRow{{From: 1, Increment: 5}}
	table, err := domain.NewIncrementTable("house", rows)
	require.NoError(t, err)
	rows[0].Increment = 7
	table.Rows()[0].Increment = 8
	require.EqualValues(t, 5, table.Increment(1))

	preset, err := domain.BuiltInTable(domain.TableUK, usd)
	require.NoError(t, err)
	preset.Rows()[0].Increment = 9
	scaled, err := domain.BuiltInTable(domain.TableUK, kwd)
	require.NoError(t, err)
	require.EqualValues(t, 50, scaled.Increment(1))
	require.EqualValues(t, 5, preset.Increment(1))
}
