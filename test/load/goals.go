package load

import "slices"

// Goal is what a ratio must reach.
type Goal struct {
	// Key is its name in the report.
	Key string
	// Compares says in a sentence what is divided by what.
	Compares string
	// Must is required, Aim is wished. AtMost says that less is better.
	Must, Aim float64
	AtMost    bool
	// Group is the value of TEST_LOAD_ONLY that measures it alone.
	Group string
}

// Goals are all of them, in the order of the report.
func Goals() []Goal {
	return slices.Clone(goals)
}

var goals = []Goal{
	{"hot_128", "One listing: bids a second of 128 clients ÷ pgbench's.", 40, 80, false, "hot"},
	{"hot_best", "One listing: the best rate of 1, 8, 32 and 128 clients ÷ pgbench's best.", 8, 16, false, "hot"},
	{"hot_p99", "One listing, 128 clients: the 99th percentile of a bid's time ÷ pgbench's.", 1.0 / 30, 1.0 / 100, true, "hot"},
	{"uniform_128", "10,000 listings: bids a second of 128 clients ÷ pgbench's.", 3.5, 6, false, "uniform"},
	{"uniform_32", "The same of 32 clients.", 1.8, 2.7, false, "uniform"},
	{"uniform_8", "The same of 8 clients.", 0.75, 1.1, false, "uniform"},
	{"uniform_1", "The same of one client.", 0.65, 1.2, false, "uniform"},
	{
		"cpu_uniform_32", "10,000 listings, 32 clients: CPU of a bid, program and server together, ÷ pgbench's and its server's.",
		0.35, 0.2, true, "uniform",
	},
	{"cpu_long_listing", "32 clients on one listing: CPU of a bid after 100,000 others ÷ after 10.", 1.3, 1.1, true, "long"},
	{"cpu_many_listings", "32 clients: CPU of a bid with 1,000,000 listings ÷ with 1,000, spread over all.", 1.6, 1.2, true, "many"},
	{"sqlite_grouped", "SQLite, 10,000 listings, 128 clients: bids a second ÷ with one bid a commit.", 3, 5, false, "grouped"},
	{"http_kept", "10,000 listings, 64 connections: bids a second over HTTP ÷ of 64 callers in process.", 0.5, 0.8, false, "http"},
	{"get_one", "32 readers: listings read a second ÷ pgbench selecting one row.", 0.5, 1, false, "reads"},
	{"get_page", "32 readers: first pages of 20 a second ÷ pgbench selecting 20 rows in their order.", 0.3, 1, false, "reads"},
}

// GoalOf returns the goal of the key, and whether there is one.
func GoalOf(key string) (Goal, bool) {
	i := slices.IndexFunc(goals, func(g Goal) bool { return g.Key == key })
	if i < 0 {
		return Goal{}, false
	}
	return goals[i], true
}

// Reached reports whether a ratio is what it must be.
func (g Goal) Reached(ratio float64) bool { return g.better(ratio, g.Must) }

// Aimed reports whether a ratio is what is wished.
func (g Goal) Aimed(ratio float64) bool { return g.better(ratio, g.Aim) }

func (g Goal) better(ratio, than float64) bool {
	if g.AtMost {
		return ratio <= than
	}
	return ratio >= than
}
