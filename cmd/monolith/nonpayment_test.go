package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/platformtest"
)

// TestWhatIsNotPaidBecomesAnIssue sells something that nobody pays: the two can reach each other and nobody else can, the
// buyer cannot leave, and in the end the house looks into it, once. Then it is paid.
func TestWhatIsNotPaidBecomesAnIssue(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		const day = 24 * time.Hour
		now := clock.NewVirtual(noon)
		var pool *db.Pool
		h := openHouse(t, flagsOf(store), platformtest.Swap[clock.Clock](now), fx.Populate(&pool))
		h.admin()
		seller, buyer, stranger := h.member("ada"), h.member("ben"), h.member("cleo")
		id := seller.sell(fields{"buy_now": usd("50.00")})
		buyer.post("/api/v1/listings/"+id+"/buy-now", nil).is(http.StatusOK)
		// await moves the clock until it has happened: chores run now and then.
		await := func(what string, happened func() bool) {
			t.Helper()
			for begun := time.Now(); !happened(); time.Sleep(5 * time.Millisecond) {
				require.Less(t, time.Since(begun), patience, "%s does not happen", what)
				now.Advance(time.Minute)
			}
		}
		path := "/api/v1/sales/" + id
		await("the sale", func() bool { return buyer.get(path).status == http.StatusOK })
		require.Equal(t, seller.email, buyer.get(path).is(http.StatusOK).text("contact", "email"))
		require.Equal(t, buyer.email, seller.get("/api/v1/sales?as=seller").is(http.StatusOK).items()[0].(map[string]any)["contact"].(map[string]any)["email"])
		stranger.get(path).refused(http.StatusNotFound, "sale_not_found")
		require.Empty(t, stranger.get("/api/v1/sales?as=buyer").is(http.StatusOK).items())
		answer := buyer.post("/api/v1/me/deletion", fields{"password": password}).is(http.StatusAccepted)
		require.Equal(t, "owes", answer.value("obligations").([]any)[0].(map[string]any)["kind"])

		status := func() string {
			seller.signIn()
			return seller.get(path).is(http.StatusOK).text("status")
		}
		issues := func() (count int) {
			require.NoError(t, pool.Read().Get(t.Context(), &count, `SELECT count(*) FROM issues`))
			return count
		}
		now.Advance(10*day - time.Hour)
		require.Equal(t, "owing", status())
		require.Zero(t, issues())
		now.Advance(time.Hour)
		await("that it is overdue", func() bool { return status() == "overdue" })
		await("the issue", func() bool { return issues() == 1 })
		now.Advance(30 * day)
		buyer.signIn()
		require.Nil(t, buyer.get("/api/v1/me").is(http.StatusOK).value("grace_started_at"), "he cannot leave")
		seller.signIn()
		seller.post(path+"/paid", nil).is(http.StatusOK)
		await("that the buyer may leave", func() bool {
			buyer.signIn()
			return buyer.get("/api/v1/me").is(http.StatusOK).value("grace_started_at") != nil
		})
		require.Equal(t, 1, issues(), "told once")
	})
}
