package main

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheHousePrintsItsSheets sells something at once, and prints it before anything else has happened to it.
func TestTheHousePrintsItsSheets(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		h := openHouse(t, flagsOf(store))
		admin, seller, buyer := h.admin(), h.member("ada"), h.member("ben")
		id := seller.sell(fields{"title": "=<script>", "buy_now": usd("50.00")})
		buyer.post("/api/v1/listings/"+id+"/buy-now", nil).is(http.StatusOK)
		rows := func(name string) [][]string {
			t.Helper()
			all, err := csv.NewReader(strings.NewReader(string(admin.get("/api/v1/sheets/" + name).is(http.StatusOK).body))).ReadAll()
			require.NoError(t, err)
			return all
		}
		winners := rows("winners.csv")
		require.Len(t, winners, 2)
		require.Equal(t, []string{id, "'=<script>", "50.00", "USD", "ben"}, winners[1][:5])
		require.Equal(t, buyer.email, winners[1][6])
		dues := rows("dues.csv")
		require.Equal(t, []string{"1", "50.00", "0.00", "USD"}, dues[1][3:])
		lots := rows("lots.csv")
		require.Equal(t, []string{id, "'=<script>", "ada"}, lots[1][:3])
		require.Equal(t, "50.00", lots[1][4], "what was paid")
		require.Len(t, rows("bids.csv?listing="+id), 1)

		page := string(admin.get("/sheets/winners").is(http.StatusOK).body)
		require.Contains(t, page, "=&lt;script&gt;")
		require.Contains(t, page, buyer.email)
		seller.get("/api/v1/sheets/winners.csv").refused(http.StatusForbidden, "not_permitted")
		require.Equal(t, http.StatusForbidden, seller.get("/sheets/winners").status)
	})
}
