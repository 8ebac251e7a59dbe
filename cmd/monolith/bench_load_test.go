//go:build bench

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/test/load"
)

// TestLoad compares the engine with pgbench, in turn.
func TestLoad(t *testing.T) {
	folder := os.Getenv("TEST_FLOOR")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "bench", "floor")
	}
	stores := openBenchStores(t)
	s := stores[2]
	floorDB := s.cluster.URL("floor")
	createDatabase(t, s.cluster.URL("postgres"), "floor")
	floor := load.Floor{Folder: folder, URL: floorDB}
	seconds := countFrom(t, "TEST_LOAD_SECONDS", 3)
	rounds := countFrom(t, "TEST_LOAD_ROUNDS", 3)
	many := newStalls(t, s, 10_000)
	one := newStalls(t, s, 1)
	type row struct{ engine, floor []float64 }
	for _, sc := range []struct {
		name, script string
		stalls       *stalls
	}{{"hot", "hot.pgb", one}, {"uniform", "uniform.pgb", many}} {
		for _, clients := range []int{1, 8, 32, 128} {
			var r, p row
			for range rounds {
				require.NoError(t, floor.Fill(t.Context(), 10_000))
				f, err := floor.Play(t.Context(), sc.script, clients, seconds)
				require.NoError(t, err)
				before := s.cpuTime()
				e, err := load.Play(t.Context(), clients, time.Duration(seconds)*time.Second, sc.stalls.bid)
				require.NoError(t, err)
				cpu := (s.cpuTime() - before) / time.Duration(max(1, e.Done))
				r.engine, r.floor = append(r.engine, e.Rate), append(r.floor, f.Rate)
				p.engine, p.floor = append(p.engine, e.P99.Seconds()*1000), append(p.floor, f.P99.Seconds()*1000)
				fmt.Printf("%s %d: engine %.0f/s p99 %s refused %d cpu %s; floor %.0f/s p99 %s\n", sc.name, clients, e.Rate, e.P99, e.Refused, cpu, f.Rate, f.P99)
			}
			fmt.Printf("== %s_%d: ratio %.2f; p99 ratio %.3f\n", sc.name, clients, median(r.engine)/median(r.floor), median(p.engine)/median(p.floor))
		}
	}
}

func createDatabase(t *testing.T, url, name string) {
	t.Helper()
	pool, err := sql.Open("postgres", url)
	require.NoError(t, err)
	defer func() { require.NoError(t, pool.Close()) }()
	_, err = pool.ExecContext(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err)
}

// stalls are listings that clients bid on.
type stalls struct {
	s      *benchStore
	ids    []uuid.UUID
	maxima []atomic.Int64
}

func newStalls(t *testing.T, s *benchStore, n int) *stalls {
	t.Helper()
	st := &stalls{s: s, ids: make([]uuid.UUID, n), maxima: make([]atomic.Int64, n)}
	var next atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				st.ids[i] = s.publish(0)
				st.maxima[i].Store(1000)
			}
		})
	}
	all.Wait()
	return st
}

func (st *stalls) bid(ctx context.Context, _ int) error {
	i := rand.IntN(len(st.ids))
	amount := fmt.Sprintf("%d.00", st.maxima[i].Add(200))
	_, err := st.s.market.Bid(ctx, st.ids[i], uuid.New(), amount)
	if err != nil && fault.KindOf(err) != fault.Unavailable && !errors.Is(err, context.Canceled) {
		return load.ErrRefused
	}
	return err
}
