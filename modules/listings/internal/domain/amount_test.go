package domain_test

import (
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestParseAmount(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text     string
		currency domain.Currency
		want     int64
		err      error
	}{
		"two digits":                           {text: "20.50", currency: usd, want: 2050},
		"one digit of two":                     {text: "20.5", currency: usd, want: 2050},
		"no fraction":                          {text: "20", currency: usd, want: 2000},
		"leading zeros":                        {text: "007", currency: usd, want: 700},
		"many leading zeros":                   {text: strings.Repeat("0", 1000) + "1", currency: usd, want: 100},
		"the smallest":                         {text: "0.01", currency: usd, want: 1},
		"no digits":                            {text: "2050", currency: jpy, want: 2050},
		"three digits":                         {text: "1.234", currency: kwd, want: 1234},
		"the largest":                          {text: "10000000000000.00", currency: usd, want: domain.MaxMinor},
		"one above the largest":                {text: "10000000000000.01", currency: usd, err: domain.ErrAmountTooLarge},
		"above the largest by its digits":      {text: "1000000000000.0000", currency: domain.Currency{Code: "CLF", Digits: 4}, err: domain.ErrAmountTooLarge},
		"the largest of a currency without":    {text: "1000000000000000", currency: jpy, want: domain.MaxMinor},
		"above that":                           {text: "1000000000000001", currency: jpy, err: domain.ErrAmountTooLarge},
		"too large for 64 bits":                {text: "99999999999999999999999999", currency: usd, err: domain.ErrAmountTooLarge},
		"zero":                                 {text: "0.00", currency: usd, err: domain.ErrAmountNotPositive},
		"zero without fraction":                {text: "0", currency: usd, err: domain.ErrAmountNotPositive},
		"three digits of two":                  {text: "20.501", currency: usd, err: domain.ErrAmountTooPrecise},
		"a third digit that is zero":           {text: "20.500", currency: usd, err: domain.ErrAmountTooPrecise},
		"a fraction where there is none":       {text: "20.0", currency: jpy, err: domain.ErrAmountTooPrecise},
		"too precise comes before not above 0": {text: "0.000", currency: usd, err: domain.ErrAmountTooPrecise},
		"nothing":                              {text: "", currency: usd, err: domain.ErrAmountMalformed},
		"a dot":                                {text: ".", currency: usd, err: domain.ErrAmountMalformed},
		"nothing before the dot":               {text: ".50", currency: usd, err: domain.ErrAmountMalformed},
		"nothing after the dot":                {text: "20.", currency: usd, err: domain.ErrAmountMalformed},
		"two dots":                             {text: "1.2.3", currency: usd, err: domain.ErrAmountMalformed},
		"a comma":                              {text: "20,50", currency: usd, err: domain.ErrAmountMalformed},
		"a sign":                               {text: "-20.50", currency: usd, err: domain.ErrAmountMalformed},
		"a plus":                               {text: "+20.50", currency: usd, err: domain.ErrAmountMalformed},
		"a space":                              {text: " 20.50", currency: usd, err: domain.ErrAmountMalformed},
		"an exponent":                          {text: "1e3", currency: usd, err: domain.ErrAmountMalformed},
		"not a number":                         {text: "NaN", currency: usd, err: domain.ErrAmountMalformed},
		"digits of another script":             {text: "２０", currency: usd, err: domain.ErrAmountMalformed},
		"a letter at the end of a large one":   {text: "99999999999999999999x", currency: usd, err: domain.ErrAmountMalformed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := domain.ParseAmount(tt.text, tt.currency)
			if tt.err != nil {
				require.ErrorIs(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.currency.Money(tt.want), got)
		})
	}
}

func TestOfferInAnotherCurrencyIsRefusedBeforeItsAmountIsRead(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"EUR", "usd", ""} {
		_, err := domain.Offer{Amount: "garbage", Currency: code}.In(usd)
		require.ErrorIs(t, err, domain.ErrCurrencyMismatch, code)
	}
	_, err := dollars("garbage").In(usd)
	require.ErrorIs(t, err, domain.ErrAmountMalformed)
}

func TestMoneyIsWrittenWithTheCurrencysDigits(t *testing.T) {
	t.Parallel()
	require.Equal(t, "20.50 USD", usd.Money(2050).String())
	require.Equal(t, "0.05 USD", usd.Money(5).String())
	require.Equal(t, "0.00 USD", usd.Money(0).String())
	require.Equal(t, "-0.05 USD", usd.Money(-5).String())
	require.Equal(t, "2050 JPY", jpy.Money(2050).String())
	require.Equal(t, "0.005 KWD", kwd.Money(5).String())
	require.Equal(t, "10000000000000.00", usd.Money(domain.MaxMinor).Decimal())
}

func TestNewCurrency(t *testing.T) {
	t.Parallel()
	for _, digits := range []int{0, 4} {
		_, err := domain.NewCurrency("USD", digits)
		require.NoError(t, err)
	}
	for _, bad := range []domain.Currency{{Code: "usd", Digits: 2}, {Code: "US", Digits: 2}, {Code: "USDT", Digits: 2}, {Code: "USD", Digits: -1}, {Code: "USD", Digits: 5}} {
		_, err := domain.NewCurrency(bad.Code, bad.Digits)
		require.ErrorIs(t, err, domain.ErrInvalidCurrency)
	}
}

// decimalText is the grammar of amounts, written a second time.
var decimalText = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{"20.50", "0", "", ".", "1e9", "10000000000000.01", "00.10", "1.2.3", "٣"} {
		f.Add(seed, uint8(2))
	}
	f.Fuzz(func(t *testing.T, text string, digits uint8) {
		currency := domain.Currency{Code: "XXX", Digits: int(digits % 5)}
		got, err := domain.ParseAmount(text, currency)
		if !decimalText.MatchString(text) {
			require.ErrorIs(t, err, domain.ErrAmountMalformed)
			return
		}
		exact, ok := new(big.Rat).SetString(text)
		require.True(t, ok)
		if err == nil {
			require.Zero(t, exact.Cmp(ratio(got)), "%s is not %s", text, got)
			again, err := domain.ParseAmount(got.Decimal(), currency)
			require.NoError(t, err)
			require.Equal(t, got, again)
			return
		}
		_, fraction, _ := strings.Cut(text, ".")
		switch limit := ratio(currency.Money(domain.MaxMinor)); {
		case len(fraction) > currency.Digits:
			require.ErrorIs(t, err, domain.ErrAmountTooPrecise)
		case exact.Sign() == 0:
			require.ErrorIs(t, err, domain.ErrAmountNotPositive)
		default:
			require.Positive(t, exact.Cmp(limit))
			require.ErrorIs(t, err, domain.ErrAmountTooLarge)
		}
	})
}

// ratio is the exact value of m in major units.
func ratio(m domain.Money) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(m.Currency.Digits)), nil)
	return new(big.Rat).SetFrac(big.NewInt(m.Minor), scale)
}
