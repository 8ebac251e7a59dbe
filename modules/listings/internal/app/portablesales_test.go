package app_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/platform/page"
)

// exportedSales returns the sales.json of the member.
func (h *house) exportedSales(member uuid.UUID) (sales []map[string]any, text string) {
	h.t.Helper()
	files, err := h.export().Export(h.t.Context(), member)
	require.NoError(h.t, err)
	require.Equal(h.t, "sales.json", files[2].File)
	require.NoError(h.t, json.Unmarshal(files[2].JSON, &sales))
	return sales, string(files[2].JSON)
}

func TestTheExportHasBothSidesOfSales(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice, bob := uuid.New(), uuid.New()
	bought, sold := h.buy(bob, alice), h.buy(alice, bob)
	h.buy(bob, uuid.New())
	h.deliver()
	h.clock.Advance(5 * oneDay)
	require.NoError(t, h.keepSales.Do(t.Context()))
	require.NoError(t, h.markPaid.Do(t.Context(), app.SaleCommand{Listing: sold, By: by(alice)}))

	sales, text := h.exportedSales(alice)
	at := func(d time.Duration) string { return noon.Add(d).Format(time.RFC3339) }
	require.Equal(t, []map[string]any{
		{
			"listing_id": bought.String(), "title": "A chair", "side": "buyer", "status": "owing", "currency": "USD", "price": "20.00",
			"sold_at": at(0), "pay_by": at(7 * oneDay), "reminded_at": at(5 * oneDay),
		},
		{
			"listing_id": sold.String(), "title": "A chair", "side": "seller", "status": "paid", "currency": "USD", "price": "20.00",
			"sold_at": at(0), "pay_by": at(7 * oneDay), "paid_at": at(5 * oneDay),
		},
	}, sales)
	require.NotContains(t, text, bob.String(), "who the other one is, is his")
	sales, _ = h.exportedSales(uuid.New())
	require.Empty(t, sales)
}

func TestTheExportHasEverySale(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	alice := uuid.New()
	for range page.MaxLimit + 1 {
		h.buy(uuid.New(), alice)
	}
	h.deliver()
	sales, _ := h.exportedSales(alice)
	require.Len(t, sales, page.MaxLimit+1)
}
