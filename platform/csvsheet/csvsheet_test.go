package csvsheet_test

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/csvsheet"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ cell, want string }{
		"nothing":                         {"", ""},
		"a text":                          {"Lamp, brass", "Lamp, brass"},
		"a number":                        {"20.50", "20.50"},
		"an instant":                      {"2026-11-01T12:00:00.000000Z", "2026-11-01T12:00:00.000000Z"},
		"equals":                          {"=1+1", "'=1+1"},
		"plus":                            {"+1", "'+1"},
		"minus":                           {"-1", "'-1"},
		"at":                              {"@SUM(A1)", "'@SUM(A1)"},
		"a tab before it":                 {"\t=1", "'\t=1"},
		"a carriage return before it":     {"\r=1", "'\r=1"},
		"a sign alone":                    {"-", "'-"},
		"a sign that is not the first":    {"a=1", "a=1"},
		"a formula after a blank is text": {" =1", " =1"},
		"a letter of several bytes":       {"äpfel", "äpfel"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, csvsheet.Guard(test.cell))
		})
	}
}

func TestWriter(t *testing.T) {
	t.Parallel()

	t.Run("every cell of every row is guarded, and quoted where commas, quotes and breaks need it", func(t *testing.T) {
		t.Parallel()
		var text strings.Builder
		sheet := csvsheet.NewWriter(&text)
		require.NoError(t, sheet.Write("title", "=seller"))
		require.NoError(t, sheet.Write("Lamp, \"brass\"\nold", "@home"))
		require.NoError(t, sheet.Flush())

		require.Equal(t, "title,'=seller\n\"Lamp, \"\"brass\"\"\nold\",'@home\n", text.String())
		rows, err := csv.NewReader(strings.NewReader(text.String())).ReadAll()
		require.NoError(t, err)
		require.Equal(t, []string{"Lamp, \"brass\"\nold", "'@home"}, rows[1])
	})

	t.Run("a reader who went away is told of at the latest by Flush", func(t *testing.T) {
		t.Parallel()
		sheet := csvsheet.NewWriter(gone{})
		require.NoError(t, sheet.Write("held back"))
		require.ErrorIs(t, sheet.Flush(), errGone)
	})

	t.Run("the caller's cells stay as they are", func(t *testing.T) {
		t.Parallel()
		cells := []string{"=1"}
		require.NoError(t, csvsheet.NewWriter(&strings.Builder{}).Write(cells...))
		require.Equal(t, []string{"=1"}, cells)
	})
}

var errGone = errors.New("gone")

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, errGone }
