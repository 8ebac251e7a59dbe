package oracle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
)

func TestTableFollowsTheCurrencysDigits(t *testing.T) {
	t.Parallel()

	classic := oracle.Table{Preset: "ebay-us-classic"}
	require.Empty(t, cmp.Diff([]oracle.Row{{1, 5}, {100, 25}, {500, 50}}, classic.In("USD")[:3]))
	require.Empty(t, cmp.Diff([]oracle.Row{{1, 5}, {100, 25}, {500, 50}}, classic.In("JPY")[:3]))
	require.Empty(t, cmp.Diff([]oracle.Row{{1, 50}, {1000, 250}, {5000, 500}}, classic.In("KWD")[:3]))

	flat := oracle.Table{Flat: 50}
	require.Empty(t, cmp.Diff([]oracle.Row{{1, 50}}, flat.In("KWD")))
}

func TestAmountsAreReadExactly(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		text, currency string
		maximum        int64
		refusal        string
	}{
		"dollars and cents":       {text: "20.50", currency: "USD", maximum: 2050},
		"one fraction digit":      {text: "20.5", currency: "USD", maximum: 2050},
		"no fraction":             {text: "20", currency: "USD", maximum: 2000},
		"zeros before it":         {text: "0020.05", currency: "USD", maximum: 2005},
		"yen":                     {text: "20", currency: "JPY", maximum: 20},
		"fils":                    {text: "20.005", currency: "KWD", maximum: 20005},
		"the largest":             {text: "10000000000000.00", currency: "USD", maximum: oracle.MaxAmount},
		"one more":                {text: "10000000000000.01", currency: "USD", refusal: "amount_too_large"},
		"more than fits an int64": {text: "99999999999999999999", currency: "USD", refusal: "amount_too_large"},
		"half a cent":             {text: "20.505", currency: "USD", refusal: "amount_too_precise"},
		"a cent and no more":      {text: "20.500", currency: "USD", refusal: "amount_too_precise"},
		"half a yen":              {text: "20.5", currency: "JPY", refusal: "amount_too_precise"},
		"nothing":                 {text: "0.00", currency: "USD", refusal: "amount_not_positive"},
		"no text":                 {text: "", currency: "USD", refusal: "amount_malformed"},
		"words":                   {text: "twenty", currency: "USD", refusal: "amount_malformed"},
		"a sign":                  {text: "-20", currency: "USD", refusal: "amount_malformed"},
		"an exponent":             {text: "2e1", currency: "USD", refusal: "amount_malformed"},
		"two dots":                {text: "2.0.5", currency: "USD", refusal: "amount_malformed"},
		"digits of another script": {
			text: "٢٠", currency: "USD", refusal: "amount_malformed",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(oracle.Terms{Currency: c.currency, Start: 1})
			answer := s.bid(oracle.Hour, "A", c.text)
			if c.refusal != "" {
				require.Equal(t, c.refusal, answer.Result)
				return
			}
			require.Equal(t, oracle.Leading, answer.Result)
			require.Equal(t, c.maximum, answer.OwnMaximum)
			if c.text == oracle.Format(c.maximum, c.currency) {
				return
			}
			require.Equal(t, "not_above_own_maximum",
				s.bid(oracle.Hour, "A", oracle.Format(c.maximum, c.currency)).Result)
		})
	}
}
