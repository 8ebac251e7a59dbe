package db

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
)

const (
	// MaxClockError is how far a server's clock may be from its database's before the server is not ready: with several
	// servers, what is on time is decided by one clock.
	MaxClockError = 250 * time.Millisecond

	// followEvery is the time between two looks at the database's clock. Clocks of computers drift by less than 0.1 ms a
	// second, so that it could be much longer; it is short because somebody may set one.
	followEvery = 10 * time.Second
	// followTimeout bounds one look.
	followTimeout = 5 * time.Second
	// looks is how often the clock is looked at each time: the quickest answer tells the time best.
	looks = 3
)

// ClockFollower keeps a clock in step with that of PostgreSQL, which several servers share. SQLite runs inside this
// process and has no clock of its own: there it does nothing.
type ClockFollower struct {
	pool  *Pool
	clock *clock.Real
	log   *zap.Logger
	every time.Duration

	cancel  context.CancelFunc
	running sync.WaitGroup
}

// NewClockFollower returns a follower of the pool's clock that has not begun.
func NewClockFollower(pool *Pool, c *clock.Real, log *zap.Logger) *ClockFollower {
	return &ClockFollower{pool: pool, clock: c, log: log.Named("clock"), every: followEvery}
}

// Start sets the clock and keeps it until Stop. Errors: ErrUnavailable.
func (f *ClockFollower) Start(ctx context.Context) error {
	if f.pool.Dialect() != Postgres {
		return nil
	}
	if err := f.follow(ctx); err != nil {
		return err
	}
	f.log.Info("following the database's clock", zap.Duration("offset", f.clock.Offset()))
	life, cancel := context.WithCancel(context.Background()) // the context of Start is only for starting
	f.cancel = cancel
	f.running.Go(func() { f.run(life) })
	return nil
}

// Stop leaves the clock alone and returns when nothing of the follower runs any more.
func (f *ClockFollower) Stop() {
	if f.cancel != nil {
		f.cancel()
	}
	f.running.Wait()
}

// run counts the time between two looks by no clock that can be set: ours stands still for as long as it was set back, and
// only the next look can help it.
func (f *ClockFollower) run(ctx context.Context) {
	failing := false
	ticker := time.NewTicker(f.every) //nolint:forbidigo // see above
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := f.follow(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			f.log.Warn("cannot read the database's clock", zap.Error(err))
		}
		failing = err != nil
	}
}

func (f *ClockFollower) follow(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, followTimeout)
	defer cancel()
	m, err := f.measure(ctx)
	if err != nil {
		return err
	}
	// Counted from the machine's clock, not from ours, which stands still rather than go back.
	f.clock.SetOffset(m.database.Sub(m.machine))
	return nil
}

// Check compares the clocks. Errors: one that tells by how much they differ, if that is certainly more than
// MaxClockError; ErrUnavailable.
func (f *ClockFollower) Check(ctx context.Context) error {
	if f.pool.Dialect() != Postgres {
		return nil
	}
	m, err := f.measure(ctx)
	if err != nil {
		return err
	}
	if differs := m.database.Sub(m.ours).Abs(); differs-m.uncertain > MaxClockError {
		return fmt.Errorf("the clock differs from the database's by %s; at most %s is allowed", differs, MaxClockError)
	}
	return nil
}

// measurement is what three clocks said at the same time, but for the uncertainty.
type measurement struct {
	database, machine, ours time.Time
	uncertain               time.Duration
}

// measure looks at the clocks a few times and returns the measurement that is the least uncertain. The database is taken
// to have looked at its clock half-way between question and answer.
func (f *ClockFollower) measure(ctx context.Context) (best measurement, err error) {
	for i := range looks {
		var at Micros
		machine, ours := time.Now(), f.clock.Now() //nolint:forbidigo // this machine's clock is what is compared
		err := f.pool.Read().Get(ctx, &at, `SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`)
		if err != nil {
			return measurement{}, fmt.Errorf("read the database's clock: %w", err)
		}
		half := time.Since(machine) / 2 //nolint:forbidigo // the same
		if i == 0 || half < best.uncertain {
			best = measurement{database: at.Time(), machine: machine.Add(half), ours: ours.Add(half), uncertain: half}
		}
	}
	return best, nil
}
