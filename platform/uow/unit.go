package uow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/stack"
)

// unit is one attempt at a unit of work. It belongs to one goroutine.
type unit struct {
	locking    bool                // this attempt follows a conflict: take locks before reading
	trusting   bool                // this attempt works with what is remembered and expected, and has it verified
	turn       *turn               // nil for a unit that shares no lane
	foundation []*turn             // the units that it uses before they have committed
	committed  bool                // others read it once the turn has ended
	ended      atomic.Bool         // also read by those who kept the context, wherever they run
	sessions   map[any]participant // by repository
	lookups    map[any]lookup      // by Lookup
	resources  map[any]Resource    // by the key of Join
	durable    Resource
	volatile   []Resource
	messages   []events.Message

	id       uuid.UUID              // the running command's, from its hints; zero if it has none
	doomed   error                  // why the running command cannot succeed any more, whatever it returns
	recorded map[uuid.UUID]struct{} // the commands that recorded events
	unnamed  bool                   // a command without an id recorded events
	silent   bool                   // a command changed something that no store records under its id
	leans    bool                   // a command changed something and read something else that is not locked
}

// participant is what the unit sees of a repository's session.
type participant interface {
	name() string
	preload(ctx context.Context) error
	keep() (changed, recorded, leans bool)
	drop()
	supposes() bool
	remember()
	forget()
	flush(ctx context.Context) error
	again(u *unit)
	changed() bool
	guesses() bool
	unmoved(u *unit) bool
	committed(ctx context.Context, commands []uuid.UUID) ([]uuid.UUID, error)
}

type unitKey struct{}

func newUnit(locking bool) *unit {
	return &unit{
		locking: locking, sessions: map[any]participant{}, lookups: map[any]lookup{}, resources: map[any]Resource{},
		recorded: map[uuid.UUID]struct{}{},
	}
}

func (u *unit) in(ctx context.Context) context.Context { return context.WithValue(ctx, unitKey{}, u) }

// current returns the running unit of ctx.
func current(ctx context.Context) (*unit, error) {
	u, ok := ctx.Value(unitKey{}).(*unit)
	switch {
	case !ok:
		return nil, ErrNoUnit
	case u.ended.Load():
		return nil, ErrEnded
	}
	return u, nil
}

// CommandID returns a hint that names the command. A store that records the id makes it possible to tell, after a lost
// connection, whether the command was committed.
func CommandID(id uuid.UUID) Hint {
	return func(ctx context.Context) error {
		u, err := current(ctx)
		if err != nil {
			return err
		}
		u.id = id
		return nil
	}
}

// announce lets the hints of all commands say what will be needed, and loads it. It returns the commands' ids.
func (u *unit) announce(ctx context.Context, commands []Command) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, len(commands))
	for i, c := range commands {
		u.id = uuid.Nil
		if err := u.take(ctx, c.Hints); err != nil {
			return nil, err
		}
		ids[i] = u.id
	}
	return ids, u.preload(ctx)
}

func (u *unit) take(ctx context.Context, hints []Hint) error {
	for _, hint := range hints {
		if err := hint(ctx); err != nil {
			return fmt.Errorf("hint: %w", err)
		}
	}
	return nil
}

func (u *unit) preload(ctx context.Context) error {
	for _, s := range u.participants() {
		if err := s.preload(ctx); err != nil {
			return err
		}
	}
	for _, l := range u.questions() {
		if err := l.preload(ctx); err != nil {
			return err
		}
	}
	return nil
}

// command runs one command on copies of its own and keeps them if it succeeded.
func (u *unit) command(ctx context.Context, id uuid.UUID, run func(context.Context) error) error {
	u.doomed = nil
	err := guard(ctx, run)
	if err == nil {
		err = u.doomed
	}
	if err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		for _, s := range u.sessions {
			s.drop()
		}
		return err
	}
	u.keep(id)
	return nil
}

func (u *unit) keep(id uuid.UUID) {
	changed, recorded, leans := false, false, false
	for _, s := range u.sessions {
		c, r, l := s.keep()
		changed, recorded, leans = changed || c, recorded || r, leans || l
	}
	switch {
	case recorded && id != uuid.Nil:
		u.recorded[id] = struct{}{}
	case changed:
		u.silent = true
	}
	u.unnamed = u.unnamed || recorded && id == uuid.Nil
	u.leans = u.leans || changed && leans
}

// nested runs a command inside the one that is running. Its error or panic dooms that one, even if it is swallowed.
func (u *unit) nested(ctx context.Context, run func(context.Context) error, hints []Hint) error {
	err := u.joined(ctx, run, hints)
	if err == nil {
		return nil
	}
	if u.doomed == nil {
		u.doomed = err
	}
	repanic(err)
	return err
}

func (u *unit) joined(ctx context.Context, run func(context.Context) error, hints []Hint) error {
	id := u.id
	err := u.take(ctx, hints)
	u.id = id // the outer command is the one that is looked up
	if err != nil {
		return err
	}
	if err := u.preload(ctx); err != nil {
		return err
	}
	return guard(ctx, run)
}

// guard runs the function unless ctx is over, and turns a panic into an error.
func guard(ctx context.Context, run func(context.Context) error) (err error) {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Value: value, Stack: []byte(stack.Text())}
		}
	}()
	return run(ctx)
}

// repanic panics with the value that err carries if err is the outcome of a panic.
func repanic(err error) {
	if p, ok := errors.AsType[*PanicError](err); ok {
		panic(p.Value)
	}
}

// flush writes what changed, and the messages, into the unit's resources, and lets them verify what was supposed.
func (u *unit) flush(ctx context.Context, outbox events.Outbox) error {
	for _, l := range u.questions() { // first: what the unit itself writes is no answer
		if err := l.verify(ctx); err != nil {
			return err
		}
	}
	for _, s := range u.participants() {
		if err := s.flush(ctx); err != nil {
			return err
		}
	}
	if len(u.messages) > 0 {
		if err := outbox.Append(ctx, u.messages); err != nil {
			return fmt.Errorf("append to the outbox: %w", err)
		}
	}
	return nil
}

// prepare asks each resource whether it can commit.
func (u *unit) prepare(ctx context.Context) error {
	for _, r := range u.all() {
		if err := r.Prepare(ctx); err != nil {
			return fmt.Errorf("prepare the commit: %w", err)
		}
	}
	return nil
}

// supposes reports whether commands worked with what has to be verified, whatever became of them.
func (u *unit) supposes() bool {
	for _, s := range u.sessions {
		if s.supposes() {
			return true
		}
	}
	for _, l := range u.lookups {
		if l.supposes() {
			return true
		}
	}
	return false
}

// guesses reports whether the unit adds something because it was not there when the unit looked.
func (u *unit) guesses() bool {
	return slices.ContainsFunc(u.participants(), participant.guesses)
}

// apply commits the resources that are not durable, once the durable one is safe.
func (u *unit) apply(ctx context.Context) error {
	var err error
	for _, r := range u.volatile {
		err = errors.Join(err, r.Commit(ctx))
	}
	return err
}

// release rolls the durable resource back before the unit ends.
func (u *unit) release() {
	u.durable.Rollback()
	u.durable = nil
}

// end closes the unit; what was not committed is rolled back, and not remembered.
func (u *unit) end(committed bool) {
	u.ended.Store(true)
	u.committed = committed
	u.foundation = nil // or each unit would keep the one before it
	for _, s := range u.sessions {
		if committed {
			s.remember()
		} else {
			s.forget()
		}
	}
	if committed {
		return
	}
	for _, r := range u.all() {
		r.Rollback()
	}
}

// all returns the resources, the ones that are not durable first: they can still refuse without having cost a flush.
func (u *unit) all() []Resource {
	if u.durable == nil {
		return u.volatile
	}
	return append(slices.Clip(u.volatile), u.durable)
}

// participants returns the sessions in the order of their names, so that all units lock and write in the same order.
func (u *unit) participants() []participant {
	list := make([]participant, 0, len(u.sessions))
	for _, s := range u.sessions {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b participant) int { return cmp.Compare(a.name(), b.name()) })
	return list
}

// questions returns the lookups in the order of their names.
func (u *unit) questions() []lookup {
	list := slices.Collect(maps.Values(u.lookups))
	slices.SortFunc(list, func(a, b lookup) int { return cmp.Compare(a.name(), b.name()) })
	return list
}
