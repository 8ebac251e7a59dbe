package domain

import (
	"slices"
	"strings"
)

// Names of the increment tables that are built in. FlatPrefix is followed by a decimal amount in the listing's
// currency: "flat:2.50".
const (
	TableUSClassic = "ebay-us-classic"
	TableUK        = "ebay-uk"
	FlatPrefix     = "flat:"
)

// DefaultTable is the table of a listing for which none is chosen.
const DefaultTable = TableUSClassic

// IncrementRow says what the increment is from a price on, until the next row. Both are minor units.
type IncrementRow struct {
	From      int64
	Increment int64
}

// IncrementTable says by how much a price rises. It is immutable; listings share it.
type IncrementTable struct {
	name string
	rows []IncrementRow
}

// NewIncrementTable returns a site's own table. Errors: ErrInvalidIncrementTable, saying what is wrong: a name that is
// empty, longer than 60 characters or taken by a built-in table, no row, a first From other than 1, a From that does
// not rise, an increment below 1, above MaxMinor or smaller than in the row before.
func NewIncrementTable(name string, rows []IncrementRow) (IncrementTable, error) {
	if name == "" || len(name) > 60 || builtIn(name) {
		return IncrementTable{}, ErrInvalidIncrementTable.Detailf("%q cannot be the name of a table of your own.", name)
	}
	if err := checkRows(rows); err != nil {
		return IncrementTable{}, err
	}
	return IncrementTable{name: name, rows: slices.Clone(rows)}, nil
}

// RestoreIncrementTable returns a table as it was stored, unchecked.
func RestoreIncrementTable(name string, rows []IncrementRow) IncrementTable {
	return IncrementTable{name: name, rows: slices.Clone(rows)}
}

// BuiltInTable returns the built-in table of that name with its rows in minor units of the currency: the presets, and
// flat:N. Errors: ErrInvalidIncrementTable when there is none of that name, or N is no amount of the currency.
func BuiltInTable(name string, c Currency) (IncrementTable, error) {
	if preset, ok := presets[name]; ok {
		return IncrementTable{name: name, rows: scaled(preset, c.Digits)}, nil
	}
	text, flat := strings.CutPrefix(name, FlatPrefix)
	if !flat {
		return IncrementTable{}, ErrInvalidIncrementTable.Detailf("There is no increment table named %q.", name)
	}
	increment, err := ParseAmount(text, c)
	if err != nil {
		return IncrementTable{}, ErrInvalidIncrementTable.Detailf("%q is no increment in %s.", text, c.Code)
	}
	return IncrementTable{name: name, rows: []IncrementRow{{From: 1, Increment: increment.Minor}}}, nil
}

// Name returns the name under which the table was configured.
func (t IncrementTable) Name() string { return t.name }

// Rows returns a copy of the rows.
func (t IncrementTable) Rows() []IncrementRow { return slices.Clone(t.rows) }

// IsZero reports whether t is no table at all.
func (t IncrementTable) IsZero() bool { return len(t.rows) == 0 }

// Equal reports whether both have the same name and rows.
func (t IncrementTable) Equal(other IncrementTable) bool {
	return t.name == other.name && slices.Equal(t.rows, other.rows)
}

// Increment returns the increment at a price of at least 1 minor unit: that of the last row whose From is at most the
// price.
func (t IncrementTable) Increment(price int64) int64 {
	for _, row := range slices.Backward(t.rows) {
		if row.From <= price {
			return row.Increment
		}
	}
	return 0
}

func builtIn(name string) bool {
	_, preset := presets[name]
	return preset || strings.HasPrefix(name, FlatPrefix)
}

func checkRows(rows []IncrementRow) error {
	if len(rows) == 0 || rows[0].From != 1 {
		return ErrInvalidIncrementTable.Detailf("The first row must begin at 1 minor unit.")
	}
	for i, row := range rows {
		switch {
		case row.Increment < 1 || row.Increment > MaxMinor:
			return ErrInvalidIncrementTable.Detailf("Row %d: the increment must be 1 to %d minor units.", i+1, MaxMinor)
		case i > 0 && row.From <= rows[i-1].From:
			return ErrInvalidIncrementTable.Detailf("Row %d must begin above the row before.", i+1)
		case i > 0 && row.Increment < rows[i-1].Increment:
			return ErrInvalidIncrementTable.Detailf("Row %d: an increment must not be smaller than the one before.", i+1)
		}
	}
	return nil
}

// presets are in minor units of a currency with two digits.
var presets = map[string][]IncrementRow{
	TableUSClassic: {
		{1, 5},
		{1_00, 25},
		{5_00, 50},
		{25_00, 1_00},
		{100_00, 2_50},
		{250_00, 5_00},
		{500_00, 10_00},
		{1000_00, 25_00},
		{2500_00, 50_00},
		{5000_00, 100_00},
	},
	TableUK: {
		{1, 5},
		{1_00, 20},
		{5_00, 50},
		{15_00, 1_00},
		{60_00, 2_00},
		{150_00, 5_00},
		{300_00, 10_00},
		{600_00, 20_00},
		{1500_00, 50_00},
		{3000_00, 100_00},
	},
}

// scaled returns a preset's rows for a currency with that many digits. With fewer than three the minor units stand as
// they are (a yen is treated like a cent); each digit beyond two makes them ten times as large, and the first row still
// begins at 1.
func scaled(preset []IncrementRow, digits int) []IncrementRow {
	rows := slices.Clone(preset)
	for range digits - 2 {
		for i := range rows {
			rows[i].From *= 10
			rows[i].Increment *= 10
		}
	}
	rows[0].From = 1
	return rows
}
