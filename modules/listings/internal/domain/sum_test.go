package domain_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestAmountsAreAddedExactlyOrNotAtAll(t *testing.T) {
	t.Parallel()
	dollars, yen := domain.Currency{Code: "USD", Digits: 2}, domain.Currency{Code: "JPY"}
	sum, err := dollars.Money(1990).Plus(dollars.Money(11))
	require.NoError(t, err)
	require.Equal(t, dollars.Money(2001), sum)
	sum, err = dollars.Money(0).Plus(dollars.Money(0))
	require.NoError(t, err)
	require.Equal(t, dollars.Money(0), sum)
	sum, err = dollars.Money(math.MaxInt64 - 1).Plus(dollars.Money(1))
	require.NoError(t, err)
	require.Equal(t, dollars.Money(math.MaxInt64), sum)
	_, err = dollars.Money(math.MaxInt64).Plus(dollars.Money(1))
	require.ErrorIs(t, err, domain.ErrAmountTooLarge)
	_, err = dollars.Money(math.MinInt64).Plus(dollars.Money(-1))
	require.ErrorIs(t, err, domain.ErrAmountTooLarge)
	_, err = dollars.Money(1).Plus(yen.Money(1))
	require.ErrorIs(t, err, domain.ErrCurrencyMismatch)
}
