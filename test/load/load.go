// Package load drives a market with many clients at once and measures what comes of it, beside a floor: pgbench doing the
// same work in the same database server. docs/performance.json and docs/performance.md are what it writes.
package load

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Kind is what an action was.
type Kind int

// The kinds.
const (
	Bid       Kind = iota // a bid that took the lead
	Looking               // a listing was read
	Refusal               // a bid that a rule should refuse, and refused
	Overtaken             // a bid that a later one of the load itself overtook while it waited: it counts for nothing
	kinds
)

// Result is what a number of clients achieved.
type Result struct {
	// Count is how many actions of each kind there were.
	Count [kinds]int
	// Done is how many there were of all kinds but Overtaken, Rate how many of them a second.
	Done int
	Rate float64
	// P50, P99 are how long they took.
	P50, P99 time.Duration
	// CPU is the processor time of each, of all processes that took part; zero where nobody measured it.
	CPU time.Duration
}

// Spend notes the processor time of all actions.
func (r *Result) Spend(all time.Duration) { r.CPU = all / time.Duration(max(1, r.Done)) }

// Play lets clients act again and again for a while. Each calls act with its number, from 0 on, and waits for its end.
// Errors: the first of act.
func Play(ctx context.Context, clients int, lasts time.Duration, act func(ctx context.Context, client int) (Kind, error)) (Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	took, counts := make([][]time.Duration, clients), make([][kinds]int, clients)
	begun := time.Now()
	end := begun.Add(lasts)
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			for at := time.Now(); at.Before(end) && ctx.Err() == nil; {
				kind, err := act(ctx, c)
				if err != nil {
					cancel(err)
					return
				}
				now := time.Now()
				if kind != Overtaken {
					took[c] = append(took[c], now.Sub(at))
				}
				counts[c][kind]++
				at = now
			}
		})
	}
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return Result{}, err
	}
	r := resultOf(slices.Concat(took...), time.Since(begun))
	for _, count := range counts {
		for kind, n := range count {
			r.Count[kind] += n
		}
	}
	return r, nil
}

func resultOf(took []time.Duration, lasted time.Duration) Result {
	slices.Sort(took)
	r := Result{Done: len(took), Rate: float64(len(took)) / lasted.Seconds()}
	if len(took) > 0 {
		r.P50, r.P99 = took[len(took)/2], took[len(took)*99/100]
	}
	return r
}
