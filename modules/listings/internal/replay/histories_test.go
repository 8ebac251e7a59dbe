package replay_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/replay"
)

// golden holds the worked examples of the rules.
const golden = "../domain/testdata/golden.json"

func played(t *testing.T, name string) *replay.ExampleReport {
	t.Helper()
	file, err := replay.Read(name, false)
	require.NoError(t, err)
	require.NotNil(t, file.Histories)
	report, err := replay.Examples(t.Context(), newStage(), file.Histories, options(replay.ReserveNone))
	require.NoError(t, err)
	return report
}

func TestEveryStepOfTheWorkedExamples(t *testing.T) {
	t.Parallel()
	report := played(t, golden)
	require.NoError(t, report.Err())
	require.Equal(t, 21, report.Vectors)
	require.Equal(t, 98, report.Steps)
	require.Equal(t, report.Steps, report.Matching)
	require.Empty(t, report.Differing)
}

// example is a short history.
const example = `{
 "ruleset": "classic-1", "table": "ebay-us-classic", "currency": "USD",
 "vectors": [
  {
   "name": "one bid", "start": "10.00", "ends": 7200,
   "steps": [
    {"at": 0, "do": "bid", "bidder": "A", "max": "20.00", "result": "leading", "price": "10.00", "leader": "A",
     "next_minimum": "10.50", "reserve_met": true, "buy_now_available": false, "ends": 7200},
    {"at": 7200, "do": "bid", "bidder": "B", "max": "30.00", "result": "listing_not_open"}
   ],
   "outcome": {"state": "sold", "winner": "A", "price": "10.00"}
  }
 ]
}`

func TestWhatComesOutOtherwise(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		old, new string
		want     replay.Mismatch
	}{
		"result":            {`"result": "leading"`, `"result": "outbid"`, replay.Mismatch{Step: 1, Field: "result", Want: "outbid", Got: "leading"}},
		"refusal":           {`"listing_not_open"`, `"bid_too_low"`, replay.Mismatch{Step: 2, Field: "result", Want: "bid_too_low", Got: "listing_not_open"}},
		"price":             {`"price": "10.00", "leader"`, `"price": "10.01", "leader"`, replay.Mismatch{Step: 1, Field: "price", Want: "10.01", Got: "10.00"}},
		"leader":            {`"leader": "A"`, `"leader": "B"`, replay.Mismatch{Step: 1, Field: "leader", Want: "B", Got: "A"}},
		"nobody leads":      {`"leader": "A"`, `"leader": null`, replay.Mismatch{Step: 1, Field: "leader", Want: nil, Got: "A"}},
		"next minimum":      {`"10.50"`, `"10.25"`, replay.Mismatch{Step: 1, Field: "next_minimum", Want: "10.25", Got: "10.50"}},
		"reserve met":       {`"reserve_met": true`, `"reserve_met": false`, replay.Mismatch{Step: 1, Field: "reserve_met", Want: false, Got: true}},
		"buy now available": {`"buy_now_available": false`, `"buy_now_available": true`, replay.Mismatch{Step: 1, Field: "buy_now_available", Want: true, Got: false}},
		"ends":              {`"ends": 7200}`, `"ends": 7200.5}`, replay.Mismatch{Step: 1, Field: "ends", Want: 7200.5, Got: 7200.0}},
		"not open any more": {`"listing_not_open"`, `"listing_not_open", "price": "10.00", "leader": null, "next_minimum": "10.00",
			"reserve_met": true, "buy_now_available": false, "ends": 7200`, replay.Mismatch{Step: 2, Field: "open", Want: true, Got: false}},
		"still open": {`, "price": "10.00", "leader": "A",
     "next_minimum": "10.50", "reserve_met": true, "buy_now_available": false, "ends": 7200`, ``, replay.Mismatch{Step: 1, Field: "open", Want: false, Got: true}},
		"state":   {`"sold"`, `"cancelled"`, replay.Mismatch{Field: "outcome.state", Want: "cancelled", Got: "sold"}},
		"winner":  {`"winner": "A"`, `"winner": null`, replay.Mismatch{Field: "outcome.winner", Want: nil, Got: "A"}},
		"for how": {`"price": "10.00"}`, `"price": "9.00"}`, replay.Mismatch{Field: "outcome.price", Want: "9.00", Got: "10.00"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, example, c.old)
			report := played(t, write(t, "f.json", strings.Replace(example, c.old, c.new, 1)))
			c.want.Vector = "one bid"
			require.Empty(t, cmp.Diff([]replay.Mismatch{c.want}, report.Differing))
			require.Equal(t, 2, report.Steps)
			matching := 1
			if c.want.Step == 0 {
				matching = 2
			}
			require.Equal(t, matching, report.Matching)
			require.ErrorContains(t, report.Err(), "1 things come out otherwise than written")
		})
	}
}

func TestTheReportOfHistories(t *testing.T) {
	t.Parallel()
	report := played(t, write(t, "f.json", strings.Replace(example, `"winner": "A"`, `"winner": null`, 1)))
	text, err := json.Marshal(report)
	require.NoError(t, err)
	require.JSONEq(t, `{"vectors": 1, "steps": 2, "matching": 2, "differing": [
		{"vector": "one bid", "step": 0, "field": "outcome.winner", "want": null, "got": "A"}]}`, string(text))

	report.File, report.Took = "f.json", 0
	var people strings.Builder
	require.NoError(t, report.WriteText(&people))
	require.Equal(t, `f.json, played through the use cases in 0.00 s

  histories          1
  steps              2
  matching           2   100.0 %

What came out otherwise than written:

  history   step   field            written             came out
  one bid   end    outcome.winner   nobody or nothing   A
`, people.String())
}

func TestHistoriesThatMakeNoSense(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ old, new, want string }{
		"no JSON":              {`"ruleset"`, `ruleset`, "line 2, column 2: this is not JSON"},
		"cut off":              {"\n ]\n}", "", "line 12, column 4: the document ends here"},
		"more after it":        {"\n ]\n}", "\n ]\n} {}", "line 14, column 3: something follows the end of the document"},
		"no object":            {example, "[]", "line 1, column 1: the document must be an object"},
		"an unknown field":     {`"do": "bid"`, `"doo": "bid"`, `line 7, column 5: vector 1: step 1 has no "do"`},
		"a field too many":     {`"at": 0,`, `"at": 0, "bider": "A",`, `line 7, column 15: vector 1: step 1 has no field "bider": it knows at, do, bidder, max`},
		"a field twice":        {`"at": 0,`, `"at": 0, "at": 1,`, `line 7, column 15: "at" is there twice`},
		"a field missing":      {`"leader": "A",`, ``, `vector 1: step 1 has no "leader"`},
		"another ruleset":      {`classic-1`, `classic-2`, `the ruleset must be "classic-1" and is "classic-2"`},
		"no vectors":           {example, `{"ruleset": "classic-1", "table": "ebay-us-classic", "currency": "USD", "vectors": []}`, "there are no vectors"},
		"a number as text":     {`"at": 0`, `"at": "0"`, `line 7, column 12: vector 1: step 1: "at" must be a number of seconds`},
		"a text as number":     {`"max": "20.00"`, `"max": 20.00`, `vector 1: step 1: "max" must be text in quotes`},
		"a flag as number":     {`"reserve_met": true`, `"reserve_met": 1`, `"reserve_met" must be true or false`},
		"a time in the past":   {`"at": 0`, `"at": -1`, `"at" must be a number of seconds, not negative`},
		"times going back":     {`"at": 0`, `"at": 9000`, `vector 1: step 2 is before the step before it`},
		"nothing that is done": {`"do": "bid"`, `"do": "haggle"`, `"haggle" is nothing that can be done: bid, retract`},
		"no list":              {`"vectors": [`, `"vectors": 1, "x": [`, `"vectors" must be a list`},
		"nested too deeply":    {example, strings.Repeat("[", 1000), "it is nested too deeply"},
		"empty":                {example, " \n", "is empty: it must hold histories in JSON"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, example, c.old)
			file := write(t, "f.json", strings.Replace(example, c.old, c.new, 1))
			_, err := replay.Read(file, false)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, file)
		})
	}
}

func TestHistoriesThatCannotBegin(t *testing.T) {
	t.Parallel()
	for old, refused := range map[string]string{
		"ebay-us-classic": "invalid_increment_table", "USD": "invalid_currency", `"ends": 7200,`: "invalid_duration",
	} {
		t.Run(refused, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(example, old, strings.NewReplacer("7200", "60", "USD", "XXX", "classic", "none").Replace(old), 1)
			file, err := replay.Read(write(t, "f.json", text), false)
			require.NoError(t, err)
			_, err = replay.Examples(t.Context(), newStage(), file.Histories, options(replay.ReserveNone))
			require.ErrorContains(t, err, "vector 1 (one bid): publish: ")
			require.ErrorContains(t, err, refused)
		})
	}
}

func FuzzReadHistories(f *testing.F) {
	text, err := os.ReadFile(golden)
	require.NoError(f, err)
	f.Add(string(text))
	f.Add(example)
	f.Fuzz(func(t *testing.T, text string) {
		histories, err := replay.ReadHistories(strings.NewReader(text), "f.json")
		require.Equal(t, err == nil, histories != nil && len(histories.Vectors) > 0)
	})
}
