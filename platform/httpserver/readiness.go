package httpserver

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/singleflight"
)

// Check says whether one thing that requests need is there. Modules give theirs to the value group of AsCheck.
type Check struct {
	// Name is shown to anyone who asks for /readyz: "database".
	Name string
	// Run returns nil when all is well. It must end when its context does. Its error is logged, never shown.
	Run func(ctx context.Context) error
}

// readiness runs the checks and remembers what they said, so that only changes are logged.
type readiness struct {
	checks  []Check
	timeout time.Duration
	log     *zap.Logger

	flight singleflight.Group // however many ask at once, the checks run once

	mu       sync.Mutex
	stopping bool
	failing  map[string]bool
}

func newReadiness(checks []Check, timeout time.Duration, log *zap.Logger) *readiness {
	sorted := slices.SortedFunc(slices.Values(checks), func(a, b Check) int { return cmp.Compare(a.Name, b.Name) })
	return &readiness{checks: sorted, timeout: timeout, log: log, failing: map[string]bool{}}
}

// stop makes the server unready for good.
func (r *readiness) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopping = true
}

func (r *readiness) stopped() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopping
}

// failures runs all checks and returns the names of those that failed, in order.
func (r *readiness) failures(ctx context.Context) []string {
	names, _, _ := r.flight.Do("", func() (any, error) {
		// Others wait for this answer: it must not depend on whether the first of them stays.
		return r.run(context.WithoutCancel(ctx)), nil
	})
	return names.([]string)
}

func (r *readiness) run(ctx context.Context) []string {
	if r.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.timeout)
		defer cancel()
	}
	results := make([]error, len(r.checks))
	var running sync.WaitGroup
	for i, check := range r.checks {
		running.Go(func() { results[i] = check.safely(ctx) })
	}
	running.Wait()

	failed := []string{}
	for i, check := range r.checks {
		r.note(check.Name, results[i])
		if results[i] != nil {
			failed = append(failed, check.Name)
		}
	}
	return failed
}

// safely runs the check; a panic in its goroutine would otherwise end the program.
func (c Check) safely(ctx context.Context) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = panicError(panicked)
		}
	}()
	return c.Run(ctx)
}

// note logs a check that began to fail or to pass again.
func (r *readiness) note(name string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil && !r.failing[name]:
		r.log.Warn("not ready", zap.String("check", name), zap.Error(err))
	case err == nil && r.failing[name]:
		r.log.Info("ready again", zap.String("check", name))
	}
	r.failing[name] = err != nil
}

// names returns the names of all checks, in order.
func (r *readiness) names() []string {
	names := make([]string, len(r.checks))
	for i, c := range r.checks {
		names[i] = c.Name
	}
	return names
}

// validate reports a check that could not be told from others.
func (r *readiness) validate() error {
	for i, name := range r.names() {
		if name == "" {
			return fmt.Errorf("readiness check %d has no name", i)
		}
		if i > 0 && r.checks[i-1].Name == name {
			return fmt.Errorf("two readiness checks are named %q", name)
		}
	}
	return nil
}
