package exchange_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/exchange"
)

func TestRecords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file string
		want [][]string
	}{
		"nothing":                          {"", nil},
		"lines that end as in Unix":        {"a,b\nc,d\n", [][]string{{"a", "b"}, {"c", "d"}}},
		"lines that end as in Windows":     {"a,b\r\nc,d\r\n", [][]string{{"a", "b"}, {"c", "d"}}},
		"no end of the last line":          {"a,b\nc,d", [][]string{{"a", "b"}, {"c", "d"}}},
		"an empty last field":              {"a,\nb,", [][]string{{"a", ""}, {"b", ""}}},
		"a mark of a spreadsheet":          {"\ufeffa,b\n", [][]string{{"a", "b"}}},
		"such a mark elsewhere":            {"a,\ufeffb\n", [][]string{{"a", "\ufeffb"}}},
		"empty lines":                      {"\n\r\na\n\n\nb\n\n", [][]string{{"a"}, {"b"}}},
		"an empty field in quotes":         {"\"\"\na\n", [][]string{{""}, {"a"}}},
		"one at the end":                   {"\"\"", [][]string{{""}}},
		"quotes":                           {`"a""b","","c,d"` + "\n", [][]string{{`a"b`, "", "c,d"}}},
		"line breaks, byte for byte":       {"\"a\r\nb\nc\rd\r\"\r\ne\n", [][]string{{"a\r\nb\nc\rd\r"}, {"e"}}},
		"a carriage return within a field": {"a\rb,c\n", [][]string{{"a\rb", "c"}}},
		"blanks at the edges":              {" a , \" b \"x\n", nil},
		"blanks, no quotes":                {" a ,\tb\t\n", [][]string{{" a ", "\tb\t"}}},
		"the longest field":                {strings.Repeat("x", exchange.MaxField) + "\n", [][]string{{strings.Repeat("x", exchange.MaxField)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, wrong := exchange.Split(c.file)
			require.Equal(t, c.want, got)
			require.Equal(t, c.want == nil && c.file != "", len(wrong) > 0, "%v", wrong)
		})
	}
}

func TestWhatIsNoCSVIsNamedAndTheNextRecordIsRead(t *testing.T) {
	t.Parallel()
	for detail, file := range map[string]string{
		"there is a quote inside a field without quotes":                         "a\"b,c\n",
		"there is something between the quote that ends the field and the comma": "\"a\"b,c\n",
		"the field has more than 65536 bytes":                                    strings.Repeat("x", exchange.MaxField+1) + ",c\n",
	} {
		got, wrong := exchange.Split(file + "next\n")
		require.Equal(t, []string{detail}, wrong)
		require.Equal(t, [][]string{{"next"}}, got)
	}
	_, wrong := exchange.Split("a,\n\"b,c\nd\n")
	require.Equal(t, []string{"line 2, column 1: the quote is never closed"}, wrong)
}
