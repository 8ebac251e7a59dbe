// Package uow is the unit of work: what one command, or many, read and change, committed all or nothing.
//
// The unit lives in the context that Do passes to its function. Repositories are singletons; they join the unit that
// the context carries. It keeps an identity map (one pointer per id), tracks what changed (nobody calls Save), collects
// the domain events, and at the end writes everything in one transaction, events included. It knows no SQL: stores join
// as resources.
//
//	err := work.Do(ctx, func(ctx context.Context) error {
//		listing, err := listings.Get(ctx, cmd.ListingID)
//		if err != nil {
//			return err
//		}
//		return listing.PlaceBid(cmd.Bidder, cmd.Maximum, clock.Now())
//	}, listings.Loads(cmd.ListingID))
//
// The pattern is Martin Fowler's (Patterns of Enterprise Application Architecture); docs/guide tells it through one bid.
package uow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
)

// Hint tells a unit about a command before it runs: what it will load (Repository.Loads), how it is called (CommandID).
// It is an alias, so that domain interfaces can mention it without this package.
type Hint = func(context.Context) error

// Command is one of several that share a unit.
type Command struct {
	// Run is the command. It may run more than once, so it does no I/O but repositories, and it keeps no pointers.
	Run func(context.Context) error
	// Hints are optional.
	Hints []Hint
}

// Settings bound how long a unit may take.
type Settings struct {
	// Deadline is the longest that Do tries again after conflicts. Default 10 s.
	Deadline time.Duration
	// CommitDeadline is the longest that one commit may take, whatever became of the caller. Default 10 s.
	CommitDeadline time.Duration
	// Together is the most commands of DoShared that share a unit. Default 512.
	Together int
	// Lanes is how many units of DoShared may be computed at the same time, each on aggregates of its own. Default 1: what
	// has one writer, as SQLite does, gains nothing by more.
	Lanes int
	// Published, if not nil, is called when a unit has committed events. It must not wait.
	Published func()
}

// Work runs units of work. It is a singleton, safe for concurrent use.
type Work struct {
	outbox   events.Outbox
	settings Settings
	lanes    []queue
}

// New returns a Work whose units write their events to outbox.
func New(outbox events.Outbox, settings Settings) *Work {
	if settings.Deadline <= 0 {
		settings.Deadline = 10 * time.Second
	}
	if settings.CommitDeadline <= 0 {
		settings.CommitDeadline = 10 * time.Second
	}
	w := &Work{outbox: outbox, settings: settings}
	w.lanes = make([]queue, max(1, settings.Lanes))
	for i := range w.lanes {
		w.lanes[i].together, w.lanes[i].most = w.inTime, cmp.Or(settings.Together, 512)
	}
	return w
}

// Do runs one command in a unit of its own, or, when ctx is inside a unit, as part of that one: then its error or panic
// dooms the command around it, even if that swallows it.
//
// The unit commits if run returns nil, and only then: on an error, a panic or a context that is cancelled before or
// during run everything is rolled back, events included. Once run returned nil the commit has a deadline of its own. On
// a conflict, nothing having been committed, run is called again, on fresh copies, until the deadline.
//
// Errors: what run returns, ErrBusy after the last conflict, ErrOutcomeUnknown when the answer to the commit was lost
// and could not be found out, ErrEnded, and what the stores report.
func (w *Work) Do(ctx context.Context, run func(context.Context) error, hints ...Hint) error {
	u, err := current(ctx)
	switch {
	case err == nil:
		return u.nested(ctx, run, hints)
	case errors.Is(err, ErrEnded):
		return err
	}
	err = w.DoAll(ctx, []Command{{Run: run, Hints: hints}})[0]
	repanic(err)
	return err
}

// DoShared is Do in a unit that may carry the commands of other callers of DoShared as well, so that one commit pays for
// all of them: who calls while such a unit is under way runs in the next one, and who calls while there is none does not
// wait. It is for short commands that announce what they load, and that would take the same decisions in a unit of their
// own: what they ask a store, other than through Repository, they are told without what their neighbours have just done.
// Commands that announce the same aggregate first share units; those that announce others may run at the same time.
//
// The context of a command that shares a unit has the values of its caller's. When that one ends the command fails, but
// what it is doing goes on to its end: the neighbours use the same transaction. Errors: as Do.
func (w *Work) DoShared(ctx context.Context, run func(context.Context) error, hints ...Hint) error {
	if _, err := current(ctx); !errors.Is(err, ErrNoUnit) {
		return w.Do(ctx, run, hints...)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, w.settings.Deadline, ErrBusy)
	defer cancel()
	lane := laneOf(ctx, hints, len(w.lanes))
	err := nameDeadline(ctx, []error{w.lanes[lane].do(ctx, Command{Run: run, Hints: hints})})[0]
	repanic(err)
	return err
}

// DoAll runs many commands in one unit and gives each its own outcome: everything is loaded with one query per
// repository and committed at once, and a command that fails leaves no trace among its neighbours. Each sees what those
// before it changed. Where the unit fails as a whole, the commands run one per unit, so that only the culprit fails.
//
// Errors, per command: as Do; a *PanicError for a command that panicked; for all of them ErrNested inside a unit.
func (w *Work) DoAll(ctx context.Context, commands []Command) []error {
	switch _, err := current(ctx); {
	case err == nil:
		return repeat(ErrNested, len(commands))
	case errors.Is(err, ErrEnded):
		return repeat(err, len(commands))
	}
	return w.inTime(ctx, nil, commands)
}

// inTime runs the commands in one unit, and again after conflicts, until the deadline. The commands of many callers have a
// turn, and are run with what is remembered first.
func (w *Work) inTime(ctx context.Context, t *turn, commands []Command) []error {
	ctx, cancel := context.WithTimeoutCause(ctx, w.settings.Deadline, ErrBusy)
	defer cancel()
	return nameDeadline(ctx, w.run(ctx, t, commands, t != nil))
}

func (w *Work) run(ctx context.Context, t *turn, commands []Command, trusting bool) []error {
	var last *unit
	for n := 0; ; n++ {
		u := newUnit(last != nil)
		u.turn = t
		u.trusting = trusting && last == nil
		outcomes, err := w.attempt(u.in(ctx), u, last, commands)
		switch {
		case err == nil:
			return outcomes
		case errors.Is(err, ErrOutcomeUnknown): // first of all: what may have happened must not run again
			return repeat(err, len(commands))
		case errors.Is(err, ErrConflict):
			last = u
			if u.trusting { // nobody is in the way: this one only has to ask
				continue
			}
			if cause := pause(ctx, n); cause != nil {
				return repeat(busy(cause, err), len(commands))
			}
		case len(commands) > 1 && ctx.Err() == nil:
			return w.oneByOne(ctx, t, commands)
		default:
			return repeat(err, len(commands))
		}
	}
}

func (w *Work) oneByOne(ctx context.Context, t *turn, commands []Command) []error {
	outcomes := make([]error, len(commands))
	for i := range commands {
		outcomes[i] = w.run(ctx, t, commands[i:i+1], false)[0]
	}
	return outcomes
}

// attempt runs the commands once and commits. An error speaks of the unit as a whole, and nothing is committed then
// unless it is ErrOutcomeUnknown.
func (w *Work) attempt(ctx context.Context, u, last *unit, commands []Command) (outcomes []error, err error) {
	committed := false
	defer func() { u.end(committed) }()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if last != nil {
		for _, s := range last.participants() {
			s.again(u)
		}
		for _, l := range last.lookups {
			l.again(u)
		}
	}
	ids, err := u.announce(ctx, commands)
	if err != nil {
		return nil, err
	}
	outcomes, kept, err := u.runAll(ctx, ids, commands)
	if err != nil || !kept && !u.supposes() {
		return outcomes, err
	}
	// From here on the caller's cancellation no longer counts: the commands have succeeded.
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), w.settings.CommitDeadline, ErrBusy)
	defer cancel()
	if err := w.commit(ctx, u); err != nil {
		return nil, nameDeadline(ctx, []error{err})[0]
	}
	committed = true
	if len(u.messages) > 0 && w.settings.Published != nil {
		defer w.settings.Published()
	}
	if err := u.apply(ctx); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
	}
	return outcomes, nil
}

// errLeans makes the unit run again, with locks.
var errLeans = fmt.Errorf("%w, perhaps: a command rests on what is not locked", ErrConflict)

// runAll gives each command its outcome. The error is a reason why the unit cannot commit, whatever they say: a
// conflict that one of them met, or a broken resource.
func (u *unit) runAll(ctx context.Context, ids []uuid.UUID, commands []Command) (outcomes []error, kept bool, err error) {
	outcomes = make([]error, len(commands))
	for i, c := range commands {
		u.id = ids[i]
		outcomes[i] = u.command(ctx, ids[i], c.Run)
		if errors.Is(outcomes[i], ErrConflict) {
			return nil, false, outcomes[i]
		}
		if u.leans {
			return nil, false, errLeans
		}
		if err := u.broken(); err != nil {
			if outcomes[i] != nil && !errors.Is(err, ErrConflict) {
				err = outcomes[i]
			}
			return nil, false, err
		}
		kept = kept || outcomes[i] == nil
	}
	return outcomes, kept, nil
}

// commit makes the durable resource safe. On nil it is.
func (w *Work) commit(ctx context.Context, u *unit) error {
	err := u.flush(ctx, w.outbox)
	if err == nil {
		err = u.awaitFoundation(ctx)
	}
	if err == nil {
		u.pass()
		err = u.prepare(ctx)
	}
	if err == nil && u.durable != nil {
		err = u.durable.Commit(ctx)
	}
	switch {
	case errors.Is(err, ErrCommitUnknown):
		// The resource can do no more, and the search may need its place in the pool.
		u.release()
		return u.findOut(ctx)
	case err != nil && !u.locking && u.guesses():
		// What the unit looked for in vain and adds may have been added by another since: the second run finds it.
		return fmt.Errorf("%w: %w", ErrConflict, err)
	}
	return err
}

// pause waits a random time that grows with the number of attempts, to let the others finish.
func pause(ctx context.Context, attempt int) error {
	longest := time.Millisecond << min(attempt+1, 7)
	t := time.NewTimer(rand.N(longest) + longest/4)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}

// nameDeadline gives the deadline of the unit, or of its commit, its name in outcomes where a store has just called it a deadline.
func nameDeadline(ctx context.Context, outcomes []error) []error {
	if !errors.Is(context.Cause(ctx), ErrBusy) {
		return outcomes
	}
	for i, err := range outcomes {
		if errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, ErrBusy) && !errors.Is(err, ErrOutcomeUnknown) {
			outcomes[i] = fmt.Errorf("%w: %w", ErrBusy, err)
		}
	}
	return outcomes
}

// busy is the outcome of a unit that met conflict when cause ended its time: its own deadline, or the caller's leaving.
func busy(cause, conflict error) error {
	if errors.Is(cause, ErrBusy) {
		return fmt.Errorf("%w: %w", ErrBusy, conflict)
	}
	return fmt.Errorf("%w: %w: %w", ErrBusy, cause, conflict)
}

func repeat(err error, n int) []error {
	errs := make([]error, n)
	for i := range errs {
		errs[i] = err
	}
	return errs
}
