//go:build bench

package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/postgrestest"
)

// cpuRounds are more than benchRounds: what is compared here is nearly the same.
const cpuRounds = 15

// historyCost is the CPU time of a bid in microseconds, on listings with few bids and on one with many, and by how much
// the one is more than the other. The ratio is taken round by round: what disturbs a round disturbs both.
type historyCost struct{ short, long, ratio figures }

func (c *historyCost) add(short, long float64) {
	c.short = append(c.short, short)
	c.long = append(c.long, long)
	c.ratio = append(c.ratio, long/short)
}

// historyCost measures both in turn. Listings with few bids are used up: each gets as many bids as it had.
func (s *benchStore) historyCost(t *testing.T) historyCost {
	t.Helper()
	old := s.publish(t, longHistory)
	var cost historyCost
	for round := range cpuRounds + 1 {
		fresh := make([]uuid.UUID, s.atOnce/shortHistory)
		for i := range fresh {
			fresh[i] = s.publish(t, shortHistory)
		}
		var short, long time.Duration
		onFew := func() {
			short = s.spent(t, func() {
				for _, listing := range fresh {
					s.bid(t, listing, shortHistory, false)
				}
			})
		}
		onMany := func() { long = s.spent(t, func() { s.bid(t, old, s.atOnce, false) }) }
		if round%2 == 0 { // neither is always the first
			onFew, onMany = onMany, onFew
		}
		onFew()
		onMany()
		if round > 0 { // the first warms up
			cost.add(s.micros(short), s.micros(long))
		}
	}
	return cost
}

// micros is the time of one bid of those that were measured together.
func (s *benchStore) micros(total time.Duration) float64 {
	return float64(total) / float64(time.Microsecond) / float64(s.atOnce)
}

// spent returns the CPU time that fn takes in this process and in the database server's.
func (s *benchStore) spent(t *testing.T, fn func()) time.Duration {
	t.Helper()
	before := s.serverTime(t)
	own := ownTime(t)
	fn()
	own = ownTime(t) - own
	return own + s.serverTime(t) - before
}

func ownTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func (s *benchStore) serverTime(t *testing.T) time.Duration {
	t.Helper()
	if s.cluster == nil {
		return 0
	}
	return clusterTime(t, s.cluster)
}

// clusterTime is the CPU time of a cluster's processes, those that have ended included. It goes in steps of 10 ms.
func clusterTime(t *testing.T, c *postgrestest.Cluster) time.Duration {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.Dir(), "data", "postmaster.pid"))
	require.NoError(t, err)
	postmaster, _, _ := strings.Cut(string(text), "\n")
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	var ticks int64
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest) // from the state on: the parent is 1, utime to cstime are 11 to 14
		own := filepath.Base(filepath.Dir(path)) == postmaster
		if !own && fields[1] != postmaster {
			continue
		}
		last := 13
		if own {
			last = 15 // with the children that it has waited for
		}
		for _, field := range fields[11:last] {
			n, err := strconv.ParseInt(field, 10, 64)
			require.NoError(t, err)
			ticks += n
		}
	}
	const tick = time.Second / 100 // USER_HZ is 100 on every architecture that Go runs on
	return time.Duration(ticks) * tick
}
