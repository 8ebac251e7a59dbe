package oracle_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
)

// world is the rules as their own subject, with a flaw if it is given one.
type world struct {
	*oracle.World
	flaw *flaw
}

// flaw is what a subject does otherwise than the rules.
type flaw struct {
	answer func(oracle.Command, oracle.Answer) oracle.Answer
	view   func(oracle.View) oracle.View
	err    error
	audit  error
}

func newWorld(f *flaw) oracle.Subject {
	if f == nil {
		f = &flaw{}
	}
	return world{World: oracle.NewWorld(), flaw: f}
}

func (w world) Do(c oracle.Command) (oracle.Answer, error) {
	answer := w.World.Do(c)
	if w.flaw.answer != nil {
		answer = w.flaw.answer(c, answer)
	}
	return answer, w.flaw.err
}

func (w world) View(listing int, at int64) (oracle.View, error) {
	view := w.World.View(listing, at)
	if w.flaw.view != nil {
		view = w.flaw.view(view)
	}
	return view, nil
}

func (w world) Audit() error { return w.flaw.audit }

func TestPlayFindsEveryKindOfFault(t *testing.T) {
	t.Parallel()

	flaws := map[string]*flaw{
		"another result": {answer: func(_ oracle.Command, a oracle.Answer) oracle.Answer {
			if a.Why == "earlier_equal_maximum" {
				a.Result = oracle.Leading
			}
			return a
		}},
		"another price in the answer": {answer: func(_ oracle.Command, a oracle.Answer) oracle.Answer {
			if a.Result == oracle.Outbid {
				a.Price++
			}
			return a
		}},
		"another minimum of a bid too low": {answer: func(_ oracle.Command, a oracle.Answer) oracle.Answer {
			if a.Result == "bid_too_low" {
				a.NextMinimum--
			}
			return a
		}},
		"another view": {view: func(v oracle.View) oracle.View {
			v.Price++
			return v
		}},
		"another outcome": {view: func(v oracle.View) oracle.View {
			if v.Outcome.State == oracle.UnsoldReserve {
				v.Outcome.State = oracle.UnsoldNoBids
			}
			return v
		}},
		"an error":               {err: errors.New("boom")},
		"a log that is no proof": {audit: errors.New("replay differs")},
	}
	for name, f := range flaws {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var found *oracle.Disagreement
			for i := uint64(0); i < 200 && found == nil; i++ {
				_, found = oracle.Play(oracle.Generate(3, i), newWorld(f))
			}
			require.NotNil(t, found)
			require.ErrorContains(t, found, "of seed 3")
		})
	}
}

func TestPlayAcceptsAnyFieldThatIsNamedInvalid(t *testing.T) {
	t.Parallel()

	renamed := &flaw{answer: func(_ oracle.Command, a oracle.Answer) oracle.Answer {
		if a.Result == oracle.Invalid {
			a.Result = "invalid_reserve"
		}
		return a
	}}
	for i := range uint64(100) {
		_, found := oracle.Play(oracle.Generate(3, i), newWorld(renamed))
		require.Nil(t, found)
	}
}

func TestShrinkLeavesWhatTheFaultNeeds(t *testing.T) {
	t.Parallel()

	tieToTheLater := &flaw{answer: func(_ oracle.Command, a oracle.Answer) oracle.Answer {
		if a.Why == "earlier_equal_maximum" {
			a.Result, a.Why = oracle.Leading, ""
		}
		return a
	}}
	var found *oracle.Disagreement
	for i := uint64(0); i < 200 && (found == nil || len(found.History.Commands) < 15); i++ {
		_, found = oracle.Play(oracle.Generate(4, i), newWorld(tieToTheLater))
	}
	require.NotNil(t, found)

	smallest := oracle.Shrink(found.History, func() oracle.Subject { return newWorld(tieToTheLater) })
	require.NotNil(t, smallest)

	var kinds []oracle.Kind
	for _, c := range smallest.History.Commands {
		kinds = append(kinds, c.Kind)
	}
	require.Equal(t, []oracle.Kind{oracle.Publish, oracle.Bid, oracle.Bid}, kinds, "%v", smallest)
}

func TestShrinkGivesNothingForAHistoryWithoutADifference(t *testing.T) {
	t.Parallel()

	fresh := func() oracle.Subject { return newWorld(nil) }
	require.Nil(t, oracle.Shrink(oracle.Generate(4, 0), fresh))
}
