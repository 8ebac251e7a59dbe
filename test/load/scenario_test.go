package load_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/load"
)

func TestTheScenariosThatAreMeasured(t *testing.T) {
	t.Parallel()
	all, err := load.Scenarios()
	require.NoError(t, err)
	for _, name := range []string{"hot", "uniform", "zipf", "mixed"} {
		require.Contains(t, all, name)
		require.Equal(t, name, all[name].Name)
		require.Contains(t, all[name].Stores[load.Postgres], 128)
	}
	require.Equal(t, 1, all["hot"].Listings)
	require.Equal(t, []int{1, 8, 32, 128}, all["uniform"].Stores[load.Postgres])
}

const whole = `
about: bids
listings: 10
distribution: zipf
reads: 0.5
refusals: 0.25
stores: {memory: [1], sqlite: [1, 1000], postgres: [8]}
floor: [one.pgb, two.pgb@3]
`

// changed is the whole with one line replaced by another of the same key, or added.
func changed(line string) string {
	key, _, _ := strings.Cut(line, ":")
	lines := slices.DeleteFunc(strings.Split(whole, "\n"), func(l string) bool { return strings.HasPrefix(l, key+":") })
	return strings.Join(append(lines, line), "\n")
}

func TestAScenario(t *testing.T) {
	t.Parallel()
	s, err := load.ParseScenario("some", []byte(whole))
	require.NoError(t, err)
	require.Equal(t, load.Scenario{
		Name: "some", About: "bids", Listings: 10, Distribution: load.Zipf, Reads: 0.5, Refusals: 0.25,
		Stores: map[string][]int{load.Memory: {1}, load.SQLite: {1, 1000}, load.Postgres: {8}}, Floor: []string{"one.pgb", "two.pgb@3"},
	}, s)
}

func TestAScenarioThatMakesNoSense(t *testing.T) {
	t.Parallel()
	for problem, c := range map[string]struct{ line, says string }{
		"a key that there is not":        {"hurry: true", "field hurry not found"},
		"no number":                      {"listings: many", "cannot unmarshal"},
		"no listings":                    {"listings: 0", "listings is 0, and must be 1 to 10000000"},
		"too many listings":              {"listings: 10000001", "listings is 10000001"},
		"no such distribution":           {"distribution: even", `distribution is "even", and must be one, uniform or zipf`},
		"one of several":                 {"distribution: one", "distribution one wants 1 listing, and not 10"},
		"fewer reads than none":          {"reads: -0.1", "not below 0"},
		"nothing is left for bids":       {"reads: 0.75", "leave no bids"},
		"no store":                       {"stores: {}", "stores is empty"},
		"no such store":                  {"stores: {oracle: [1]}", `stores has "oracle"`},
		"nobody acts":                    {"stores: {memory: []}", "nobody acts"},
		"a crowd of none":                {"stores: {memory: [8, 0]}", "stores has 0 clients on memory"},
		"too large a crowd":              {"stores: {memory: [1001]}", "stores has 1001 clients on memory"},
		"nothing about it":               {`about: ""`, "about is empty"},
		"a script that is not pgbench's": {"floor: [bid.sql]", `floor has "bid.sql"`},
		"a script that leads elsewhere":  {"floor: [../bid.pgb]", `floor has "../bid.pgb"`},
		"a script without weight":        {"floor: [bid.pgb@0]", `floor has "bid.pgb@0"`},
	} {
		t.Run(problem, func(t *testing.T) {
			t.Parallel()
			_, err := load.ParseScenario("some", []byte(changed(c.line)))
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestEveryMistakeOfAFolderIsTold(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"s/good.yaml": {Data: []byte(whole)}, "s/note.txt": {Data: []byte("nothing")},
		"s/bad.yaml": {Data: []byte(changed("listings: 0"))}, "s/worse.yaml": {Data: []byte("- 1")},
	}
	_, err := load.Read(files, "s")
	require.ErrorContains(t, err, "s/bad.yaml: listings is 0")
	require.ErrorContains(t, err, "s/worse.yaml: ")
	require.NotContains(t, err.Error(), "good.yaml")
}
