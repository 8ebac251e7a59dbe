package main

import (
	"time"

	"github.com/gavelhq/gavel/test/acceptance/figure"
)

// steps is everything that is measured, what is quick first. To add a figure, add a Figure to the step whose command
// prints it, or a Step; figure's readers (Field, Match, Total, Count, Elapsed) say how it is read.
func steps(at setting) []figure.Step {
	var all []figure.Step
	for _, store := range []string{"memory", "sqlite", "postgres"} {
		all = append(all, replayed(at, store, "none", "54", "477", "10150"), replayed(at, store, "recorded", "438", "490", "9766"))
		all = append(all, golden(at, store))
	}
	return append(all,
		figure.Step{
			Name:    "demo",
			Command: []string{"make", "demo-api"},
			Figures: []figure.Figure{
				{Name: "steps as the rules say", Want: "at least 350", Read: figure.Match(`(\d+) steps, all as the rules say`), Holds: figure.AtLeast(350)},
				{Name: "codes of refusals shown", Want: "87", Read: figure.Match(`with (\d+) codes`)},
				{Name: "codes that no client can meet", Want: "18", Read: figure.Count(`(?m)^not shown here`)},
			},
		},
		figure.Step{
			Name: "canaries",
			Command: []string{
				"go", "test", "-count=1", "-v", "-run", "^(TestNoSecretLeavesTheHouse|TestNoSecretIsPrinted|TestALeakOnAnyChannelIsFound)$",
				"./cmd/monolith",
			},
			Env: []string{"TEST_CANARIES=all"},
			Figures: []figure.Figure{
				{Name: "houses searched", Want: "3", Read: figure.Count(`\d+ canaries in \d+ forms searched for`)},
				{Name: "canaries in all", Want: "at least 660", Read: figure.Total(`(\d+) canaries in`), Holds: figure.AtLeast(660)},
				{Name: "canaries found", Want: "0", Read: figure.Total(`canaries in .*: (\d+) found`)},
				{Name: "leaks to the wrong reader found", Want: "60 of 60", Read: figure.Match(`(\d+ of \d+) leaks to the wrong reader found`)},
				{Name: "planted leaks found", Want: "60 of 60", Read: figure.Match(`(\d+ of \d+) planted leaks found`)},
			},
		},
		figure.Step{
			Name:    "tests",
			Command: []string{"make", "test"},
			Env:     []string{"GOFLAGS=-count=1"}, // a remembered result has no duration
			Figures: []figure.Figure{
				{Name: "result", Want: "passed", Read: figure.Passed},
				{Name: "duration", Want: "within 10m", Read: figure.Elapsed, Holds: figure.Within(10 * time.Minute)},
			},
		},
		figure.Step{
			Name:    "mutants",
			Command: []string{"make", "mutants"},
			Figures: []figure.Figure{
				{Name: "noticed", Want: "at least 126", Read: figure.Count(`(?m)^\S+ +killed `), Holds: figure.AtLeast(126)},
				{Name: "not noticed", Want: "0", Read: figure.Count(`(?m)^\S+ +(SURVIVED|does not|no such|fails anyway)`)},
			},
		},
		figure.Step{
			Name:    "soak",
			Command: []string{"make", "soak"},
			Figures: []figure.Figure{
				{Name: "result", Want: "passed", Read: figure.Passed},
				{Name: "histories", Want: "100000", Read: figure.Match(`(\d+) histories`)},
				{Name: "kills of the program survived", Want: "at least 40", Read: figure.Total(`(\d+) kills under load survived`), Holds: figure.AtLeast(40)},
				{Name: "kills of PostgreSQL survived", Want: "at least 5", Read: figure.Total(`(\d+) kills of PostgreSQL under load survived`), Holds: figure.AtLeast(5)},
				{Name: "servers killed while two share a database", Want: "at least 30", Read: figure.Total(`(\d+) servers killed and \d+ stops of NATS survived`), Holds: figure.AtLeast(30)},
				{Name: "bids kept that three servers took on one database", Want: "at least 30000", Read: figure.Match(`three servers on one database: (\d+) bids, each kept once`), Holds: figure.AtLeast(30_000)},
				{Name: "deadlocks of three servers on one database", Want: "0", Read: figure.Match(`each kept once; (\d+) deadlocks`)},
				slowestServer("hot"),
				slowestServer("crowded"),
				slowestServer("uniform"),
				{Name: "acknowledged bids kept", Want: "at least 1000", Read: figure.Total(`(\d+) bids acknowledged and kept`), Holds: figure.AtLeast(1000)},
				{Name: "malformed requests", Want: "50000", Read: figure.Match(`(\d+) malformed requests sent`)},
				{Name: "malformed requests to each operation", Want: "at least 200", Read: figure.Match(`at least (\d+) to each of`), Holds: figure.AtLeast(200)},
				{Name: "malformed requests past authentication, in %", Want: "at least 60", Read: figure.Match(`([\d.]+) % past authentication`), Holds: figure.AtLeast(60)},
				{Name: "malformed requests answered 5xx", Want: "0", Read: figure.Match(`past authentication, (\d+) answered 5xx`)},
				answeringTime("sign in", "sqlite"),
				answeringTime("sign in", "postgres"),
				answeringTime("register", "sqlite"),
				answeringTime("register", "postgres"),
				answeringTime("reset the password", "sqlite"),
				answeringTime("reset the password", "postgres"),
			},
		},
	)
}

// slowestServer is what the slowest of three servers on one database did, as a share of the fastest's.
func slowestServer(contest string) figure.Figure {
	return figure.Figure{
		Name: "slowest server to fastest, " + contest, Want: "at least 0.33",
		Read:  figure.Match(contest + `, three servers: .*the slowest server did ([\d.]+) of`),
		Holds: figure.AtLeast(0.33),
	}
}

// answeringTime is the median time of the answer to a question about an address that nobody has, as a share of that about a
// member's.
func answeringTime(question, store string) figure.Figure {
	return figure.Figure{
		Name: "time to " + question + ", " + store + ", unknown to known", Want: "0.9 to 1.1",
		Read:  figure.Match(question + ` on ` + store + `: an unknown address takes (\S+) of a member's time`),
		Holds: figure.Between(0.9, 1.1),
	}
}

// replayed replays the recorded auctions on a store, with the recorded prices as hidden reserves or without any.
func replayed(at setting, store, reserve, refused, exact, events string) figure.Step {
	return figure.Step{
		Name: "replay " + store + ", reserves " + reserve,
		Command: []string{
			at.monolith, "replay", "--json", "--store", store, "--reserve", reserve, "--database.url", database(at, store), at.auctions,
		},
		Figures: []figure.Figure{
			{Name: "auctions", Want: "492", Read: figure.Field("auctions")},
			{Name: "bids", Want: "8728", Read: figure.Field("bids")},
			{Name: "refused", Want: refused, Read: figure.Field("refused")},
			{Name: "closed", Want: "492", Read: figure.Field("closed")},
			{Name: "exact", Want: exact, Read: figure.Field("exact")},
			{Name: "events", Want: events, Read: figure.Field("events")},
			{Name: "chains verified", Want: "492", Read: figure.Field("chains_verified")},
		},
	}
}

// golden plays the worked examples of the rules on a store.
func golden(at setting, store string) figure.Step {
	return figure.Step{
		Name: "replay " + store + ", worked examples",
		Command: []string{
			at.monolith, "replay", "--json", "--store", store, "--database.url", database(at, store),
			"modules/listings/internal/domain/testdata/golden.json",
		},
		Figures: []figure.Figure{
			{Name: "histories", Want: "21", Read: figure.Field("vectors")},
			{Name: "steps", Want: "98", Read: figure.Field("steps")},
			{Name: "matching", Want: "98", Read: figure.Field("matching")},
			{Name: "differing", Want: "0", Read: figure.Field("differing")},
		},
	}
}

func database(at setting, store string) string {
	if store == "postgres" {
		return at.postgres
	}
	return "sqlite:"
}
