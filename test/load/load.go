// Package load drives a market with many clients at once and measures what comes of it, beside a floor: pgbench doing the
// same work in the same database server.
package load

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// ErrRefused is what an action returns when the market said no: it counts for nothing.
var ErrRefused = errors.New("refused")

// Result is what a number of clients achieved.
type Result struct {
	// Done counts the actions that succeeded, Refused those that the market refused.
	Done, Refused int
	// Rate is how many succeeded per second.
	Rate float64
	// P50, P99 are how long the ones that succeeded took.
	P50, P99 time.Duration
}

// Play lets clients act again and again for a while. Each calls act with its number, from 0 on, and waits for its end.
// Errors: the first of act other than ErrRefused.
func Play(ctx context.Context, clients int, lasts time.Duration, act func(ctx context.Context, client int) error) (Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	took, refused := make([][]time.Duration, clients), make([]int, clients)
	begun := time.Now()
	end := begun.Add(lasts)
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			for at := time.Now(); at.Before(end) && ctx.Err() == nil; at = time.Now() {
				switch err := act(ctx, c); {
				case err == nil:
					took[c] = append(took[c], time.Since(at))
				case errors.Is(err, ErrRefused):
					refused[c]++
				default:
					cancel(err)
				}
			}
		})
	}
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return Result{}, err
	}
	total := 0
	for _, n := range refused {
		total += n
	}
	return resultOf(slices.Concat(took...), total, time.Since(begun)), nil
}

func resultOf(took []time.Duration, refused int, lasted time.Duration) Result {
	slices.Sort(took)
	r := Result{Done: len(took), Refused: refused, Rate: float64(len(took)) / lasted.Seconds()}
	if len(took) > 0 {
		r.P50, r.P99 = took[len(took)/2], took[len(took)*99/100]
	}
	return r
}
