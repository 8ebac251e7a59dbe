package db

import "sync/atomic"

// Stats count what a pool has asked of its database since it was opened.
type Stats struct {
	// Statements were executed, BEGIN, COMMIT and ROLLBACK not counted.
	Statements int64
	// RoundTrips are the times that somebody waited for the database: statements, preparing them, and the beginnings
	// and ends of transactions. In SQLite, which is not behind a network, they are calls.
	RoundTrips int64
	// Transactions were begun.
	Transactions int64
	// Commits succeeded.
	Commits int64
}

// Since returns what has been counted since earlier.
func (s Stats) Since(earlier Stats) Stats {
	return Stats{
		Statements:   s.Statements - earlier.Statements,
		RoundTrips:   s.RoundTrips - earlier.RoundTrips,
		Transactions: s.Transactions - earlier.Transactions,
		Commits:      s.Commits - earlier.Commits,
	}
}

type counters struct {
	statements, roundTrips, transactions, commits atomic.Int64
}

func (c *counters) stats() Stats {
	return Stats{
		Statements:   c.statements.Load(),
		RoundTrips:   c.roundTrips.Load(),
		Transactions: c.transactions.Load(),
		Commits:      c.commits.Load(),
	}
}
