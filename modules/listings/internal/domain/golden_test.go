package domain_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

// goldenFile holds the worked examples of the rules. Times are seconds after the start.
type goldenFile struct {
	Ruleset  string         `json:"ruleset"`
	Table    string         `json:"table"`
	Currency string         `json:"currency"`
	Vectors  []goldenVector `json:"vectors"`
}

type goldenVector struct {
	Name      string       `json:"name"`
	Start     string       `json:"start"`
	Reserve   string       `json:"reserve"`
	BuyNow    string       `json:"buy_now"`
	Ends      int64        `json:"ends"`
	SoftClose *goldenSoft  `json:"soft_close"`
	Steps     []goldenStep `json:"steps"`
	Outcome   struct {
		State  string  `json:"state"`
		Winner *string `json:"winner"`
		Price  *string `json:"price"`
	} `json:"outcome"`
}

type goldenSoft struct {
	Window    int64 `json:"window"`
	Extension int64 `json:"extension"`
	Cap       int64 `json:"cap"`
}

type goldenStep struct {
	At     int64  `json:"at"`
	Do     string `json:"do"`
	Bidder string `json:"bidder"`
	Max    string `json:"max"`
	Result string `json:"result"`

	Price           *string `json:"price"` // as all below only while the listing is open
	Leader          *string `json:"leader"`
	NextMinimum     string  `json:"next_minimum"`
	ReserveMet      bool    `json:"reserve_met"`
	BuyNowAvailable bool    `json:"buy_now_available"`
	Ends            int64   `json:"ends"`
}

func TestGoldenHistories(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/golden.json")
	require.NoError(t, err)
	var golden goldenFile
	require.NoError(t, json.Unmarshal(text, &golden))
	require.Equal(t, domain.Ruleset, golden.Ruleset)
	require.Equal(t, domain.DefaultTable, golden.Table)
	require.Equal(t, usd.Code, golden.Currency)
	require.Len(t, golden.Vectors, 21)

	for _, vector := range golden.Vectors {
		t.Run(vector.Name, func(t *testing.T) {
			t.Parallel()
			a := vector.publish(t)
			for i, step := range vector.Steps {
				require.Equal(t, step.Result, step.do(a), "step %d", i)
				step.check(t, a, i)
			}
			a.close(time.Duration(vector.Ends)*time.Second + 30*24*time.Hour)
			vector.checkOutcome(t, a)
			auditAll(t, a)
		})
	}
}

func (v goldenVector) publish(t *testing.T) *auction {
	return published(t, func(c *domain.Content) {
		c.StartPrice = dollars(v.Start)
		c.Duration = time.Duration(v.Ends) * time.Second
		if v.Reserve != "" {
			c.Reserve = dollars(v.Reserve)
		}
		if v.BuyNow != "" {
			c.BuyNow = dollars(v.BuyNow)
		}
		if s := v.SoftClose; s != nil {
			c.SoftClose = domain.SoftClose{
				Window:    time.Duration(s.Window) * time.Second,
				Extension: time.Duration(s.Extension) * time.Second,
				Cap:       time.Duration(s.Cap) * time.Second,
			}
		}
	})
}

// do carries the step out and returns its result, or the code of the refusal.
func (s goldenStep) do(a *auction) string {
	at := time.Duration(s.At) * time.Second
	var (
		result string
		err    error
	)
	switch s.Do {
	case "bid":
		var answer domain.BidAnswer
		answer, err = a.bid(s.Bidder, s.Max, at)
		result = string(answer.Result)
	case "buy_now":
		result, err = "bought", second(a.buyNow(s.Bidder, at))
	case "retract":
		result, err = "retracted", second(a.retract(s.Bidder, at))
	case "cancel_bids":
		result, err = "cancelled", second(a.cancelBids(seller, s.Bidder, at))
	case "cancel_listing":
		result, err = "cancelled", a.cancel(seller, at)
	default:
		result = "no such step: " + s.Do
	}
	if err != nil {
		return fault.CodeOf(err)
	}
	return result
}

func (s goldenStep) check(t *testing.T, a *auction, i int) {
	t.Helper()
	if s.Price == nil {
		return
	}
	state := a.state()
	at := start.Add(time.Duration(s.At) * time.Second)
	require.Equal(t, *s.Price, a.price(), "step %d", i)
	require.Equal(t, s.NextMinimum, usd.Money(state.Standing.NextMinimum).Decimal(), "step %d", i)
	require.Equal(t, s.ReserveMet, state.Standing.ReserveMet, "step %d", i)
	require.Equal(t, s.BuyNowAvailable, state.Terms.BuyNow > 0 && state.Phase().BuyNowAvailable(at), "step %d", i)
	require.Equal(t, start.Add(time.Duration(s.Ends)*time.Second), state.EndsAt, "step %d", i)
	if s.Leader == nil {
		require.False(t, state.Standing.HasLeader(), "step %d", i)
		return
	}
	require.Equal(t, member(*s.Leader), state.Standing.Leader.Bidder, "step %d", i)
}

func (v goldenVector) checkOutcome(t *testing.T, a *auction) {
	t.Helper()
	state := a.state()
	require.Equal(t, v.Outcome.State, string(state.Status))
	if v.Outcome.Winner == nil {
		require.Zero(t, state.Winner)
		require.Zero(t, state.FinalPrice)
		return
	}
	require.Equal(t, member(*v.Outcome.Winner), state.Winner)
	require.Equal(t, *v.Outcome.Price, usd.Money(state.FinalPrice).Decimal())
}
