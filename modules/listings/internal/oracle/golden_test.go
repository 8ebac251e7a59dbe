package oracle_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
)

// goldenFile holds the worked examples of the rules.
type goldenFile struct {
	Table    string         `json:"table"`
	Currency string         `json:"currency"`
	Vectors  []goldenVector `json:"vectors"`
}

type goldenVector struct {
	Name      string           `json:"name"`
	Start     string           `json:"start"`
	Reserve   string           `json:"reserve"`
	BuyNow    string           `json:"buy_now"`
	Ends      int64            `json:"ends"`
	SoftClose goldenSoftClose  `json:"soft_close"`
	Steps     []goldenStep     `json:"steps"`
	Outcome   goldenConclusion `json:"outcome"`
}

type goldenSoftClose struct {
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
	goldenView
}

// goldenView is what a step's listing looks like after it, while it is open.
type goldenView struct {
	Price           *string `json:"price"`
	Leader          *string `json:"leader"`
	NextMinimum     *string `json:"next_minimum"`
	ReserveMet      *bool   `json:"reserve_met"`
	BuyNowAvailable *bool   `json:"buy_now_available"`
	Ends            *int64  `json:"ends"`
}

type goldenConclusion struct {
	State  string  `json:"state"`
	Winner *string `json:"winner"`
	Price  *string `json:"price"`
}

func TestWorldAgreesWithTheWorkedExamples(t *testing.T) {
	t.Parallel()

	golden := readGolden(t)
	require.Len(t, golden.Vectors, 21)
	for _, vector := range golden.Vectors {
		t.Run(vector.Name, func(t *testing.T) {
			t.Parallel()
			history := vector.history(golden)
			world := oracle.NewWorld()
			world.Do(history.Commands[0])
			for i, step := range vector.Steps {
				answer := world.Do(history.Commands[i+1])
				require.Equal(t, step.Result, answer.Result, "step %d", i)
				got := visible(world.View(0, history.Commands[i+1].At))
				require.Empty(t, cmp.Diff(step.goldenView, got), "step %d", i)
			}
			last := history.Commands[len(history.Commands)-1]
			world.Do(last)
			require.Empty(t, cmp.Diff(vector.Outcome, conclusion(world.View(0, last.At))))
		})
	}
}

func readGolden(t *testing.T) goldenFile {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "domain", "testdata", "golden.json"))
	require.NoError(t, err)
	var golden goldenFile
	require.NoError(t, json.Unmarshal(text, &golden))
	return golden
}

// history is the vector as commands: the publication, the steps, the closing job an hour after the end.
func (v goldenVector) history(golden goldenFile) oracle.History {
	seconds := func(n int64) int64 { return epoch + n*oracle.Second }
	terms := oracle.Terms{
		Title:    v.Name,
		Currency: golden.Currency,
		Table:    oracle.Table{Preset: golden.Table},
		Start:    cents(v.Start),
		Reserve:  cents(v.Reserve),
		BuyNow:   cents(v.BuyNow),
		Starts:   epoch,
		Ends:     seconds(v.Ends),
		Soft: oracle.SoftClose{
			Window:    v.SoftClose.Window * oracle.Second,
			Extension: v.SoftClose.Extension * oracle.Second,
			Cap:       v.SoftClose.Cap * oracle.Second,
		},
	}
	commands := []oracle.Command{{At: epoch, Kind: oracle.Publish, Actor: oracle.Seller, Terms: terms}}
	for _, step := range v.Steps {
		command := oracle.Command{
			At:       seconds(step.At),
			Kind:     oracle.Kind(step.Do),
			Actor:    step.Bidder,
			Amount:   step.Max,
			Currency: golden.Currency,
		}
		if command.Kind == oracle.CancelBids || command.Kind == oracle.CancelListing {
			command.Actor, command.Target = oracle.Seller, step.Bidder
		}
		commands = append(commands, command)
	}
	commands = append(commands, oracle.Command{At: seconds(v.Ends) + oracle.Hour, Kind: oracle.Tick})
	return oracle.History{Commands: commands}
}

// visible is a view in the words of the worked examples, which show an open listing alone.
func visible(view oracle.View) goldenView {
	if view.State != oracle.Open {
		return goldenView{}
	}
	shown := goldenView{
		Price:           text(view.Price),
		NextMinimum:     text(view.NextMinimum),
		ReserveMet:      &view.ReserveMet,
		BuyNowAvailable: &view.BuyNowAvailable,
	}
	if view.Leader != "" {
		shown.Leader = &view.Leader
	}
	ends := (view.Ends - epoch) / oracle.Second
	shown.Ends = &ends
	return shown
}

func conclusion(view oracle.View) goldenConclusion {
	concluded := goldenConclusion{State: view.Outcome.State}
	if view.Outcome.Winner != "" {
		concluded.Winner, concluded.Price = &view.Outcome.Winner, text(view.Outcome.Price)
	}
	return concluded
}

func text(amount int64) *string {
	written := oracle.Format(amount, "USD")
	return &written
}
