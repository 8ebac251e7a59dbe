package oracle

// Row of an increment table: from the price From on, the increment is Increment.
type Row struct{ From, Increment int64 }

// Table names the increments of a listing in one of three ways: a preset by its name, one increment at every price
// (Flat, in minor units of the listing's currency), or rows of a site's own.
type Table struct {
	Preset string
	Flat   int64
	Rows   []Row
}

// The presets in minor units of a currency with two digits.
var presets = map[string][]Row{
	"ebay-us-classic": {
		{1, 5},
		{100, 25},
		{500, 50},
		{25_00, 1_00},
		{100_00, 2_50},
		{250_00, 5_00},
		{500_00, 10_00},
		{1000_00, 25_00},
		{2500_00, 50_00},
		{5000_00, 100_00},
	},
	"ebay-uk": {
		{1, 5},
		{100, 20},
		{500, 50},
		{15_00, 1_00},
		{60_00, 2_00},
		{150_00, 5_00},
		{300_00, 10_00},
		{600_00, 20_00},
		{1500_00, 50_00},
		{3000_00, 100_00},
	},
}

// In gives the table's rows in minor units of the currency. A preset's rows stand as they are in a currency of fewer
// than three digits; with three they are ten times as large, and the first still begins at 1.
func (t Table) In(currency string) []Row {
	switch {
	case t.Flat > 0:
		return []Row{{1, t.Flat}}
	case t.Preset == "":
		return t.Rows
	case digits(currency) < 3:
		return presets[t.Preset]
	}
	var rows []Row
	for _, row := range presets[t.Preset] {
		rows = append(rows, Row{row.From * 10, row.Increment * 10})
	}
	rows[0].From = 1
	return rows
}

// increment is that of the last row whose From is at most the price.
func increment(rows []Row, price int64) int64 {
	var found int64
	for _, row := range rows {
		if row.From <= price {
			found = row.Increment
		}
	}
	return found
}
