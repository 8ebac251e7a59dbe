package listings_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingstest"
	"github.com/gavelhq/gavel/platform/config"
)

func TestModuleTakesItsHouseFromTheConfiguration(t *testing.T) {
	t.Parallel()
	var house app.House
	graph := fx.New(fx.NopLogger, listings.Module, fx.Populate(&house),
		fx.Supply(config.Site{Currency: "JPY"}, own("1", "50", "1000", "100")))
	require.NoError(t, graph.Err())
	require.Equal(t, "JPY", house.Currency)
	require.Equal(t, "charity", house.Table)

	yen, dollar := domain.Currency{Code: "JPY"}, domain.Currency{Code: "USD", Digits: 2}
	table, err := house.TableOf("charity", yen)
	require.NoError(t, err)
	require.Equal(t, []domain.IncrementRow{{From: 1, Increment: 50}, {From: 1000, Increment: 100}}, table.Rows())
	_, err = house.TableOf("charity", dollar)
	require.ErrorIs(t, err, domain.ErrInvalidIncrementTable, "its amounts are yen")
	builtIn, err := house.TableOf("ebay-uk", dollar)
	require.NoError(t, err)
	require.Equal(t, "ebay-uk", builtIn.Name())
	_, err = house.TableOf("ebay-mars", yen)
	require.ErrorIs(t, err, domain.ErrInvalidIncrementTable)

	for code, want := range map[string]int{"JPY": 0, "USD": 2, "KWD": 3} {
		digits, known := house.Digits(code)
		require.True(t, known)
		require.Equal(t, want, digits)
	}
	for _, code := range []string{"", "usd", "XXY"} {
		_, known := house.Digits(code)
		require.False(t, known, code)
	}
}

func TestInMemoryFailsWhereThereIsNothingToSwap(t *testing.T) {
	t.Parallel()
	graph := fx.New(fx.NopLogger, listingstest.InMemory())
	require.ErrorContains(t, graph.Err(), "missing type")
}
