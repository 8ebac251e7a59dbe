package uow

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/events"
)

// Aggregate is what a unit of work can keep. Domain types have these methods without knowing this package.
type Aggregate[A, E any] interface {
	// ID returns the identity.
	ID() uuid.UUID
	// Version returns the number of commands that have changed the aggregate; 0 before it was first stored.
	Version() int64
	// Snapshot returns an independent copy. Its cost must not grow with the aggregate's history.
	Snapshot() A
	// Settle ends a command: if it changed the aggregate the version moves by one. It hands over, and forgets, the
	// events recorded since the last call.
	Settle() (recorded []E, changed bool)
}

// ChangeKind says what happened to an aggregate in a unit of work.
type ChangeKind int

// What can happen to an aggregate.
const (
	Added ChangeKind = iota + 1
	Changed
	Removed
	// Checked is what commands of the unit have only read, of a repository that remembers: nothing is written, but the unit
	// commits only while the store holds its version.
	Checked
)

// Change is what a store has to write for one aggregate, however many commands of the unit changed it.
type Change[A, E any] struct {
	// Kind says which of the fields count.
	Kind ChangeKind
	// Before is the aggregate as it was loaded: the unit commits only while the store holds its version. Not set when
	// added.
	Before A
	// After is the aggregate to be written. Not set when removed or checked.
	After A
	// Events are the events that the unit's commands recorded on the aggregate, oldest first.
	Events []E
}

// Store is what an adapter offers for one kind of aggregate. Its methods are called inside a unit of work; they join it
// with the context that they are given.
type Store[A, E any] interface {
	// Load returns those of the aggregates that exist, in any order, with one query. With lock it takes their locks in
	// the order of their ids and waits for them. Errors: ErrConflict, or what the store reports.
	Load(ctx context.Context, ids []uuid.UUID, lock bool) ([]A, error)
	// Save writes the changes, which are sorted by id. Of Added, Changed and Removed there is one at least, unless the
	// repository remembers. Errors: ErrConflict, here or when the unit commits, when a version differs from the one that was
	// loaded; a fault when a constraint guards a rule, or what the store reports.
	Save(ctx context.Context, changes []Change[A, E]) error
	// Committed returns those of the command ids that the store has recorded with their events. Errors: ErrNotRecorded
	// when the store keeps no command ids with the events that it saves, or what the store reports.
	Committed(ctx context.Context, commands []uuid.UUID) ([]uuid.UUID, error)
}

// Repository gives aggregates out inside units of work: one pointer per id and command (the identity map), saved at
// the end of the unit if changed (nobody calls Save). It is a singleton, safe for concurrent use by many units; the
// state of each lives in its context.
type Repository[A Aggregate[A, E], E any] struct {
	name    string
	store   Store[A, E]
	missing error
	message func(A, E) (events.Message, bool)
	memory  *remembered[A, E] // nil if it remembers nothing
}

// NewRepository returns a repository over store. The name tells repositories apart in errors and orders their writes;
// missing is what Get answers for an id that does not exist; message translates a recorded event into its published
// form, and says false for what is not published.
func NewRepository[A Aggregate[A, E], E any](
	name string, store Store[A, E], missing error, message func(A, E) (events.Message, bool),
) *Repository[A, E] {
	return &Repository[A, E]{name: name, store: store, missing: missing, message: message}
}

// Remembering makes the repository remember what units of work left, so that units of DoShared need not load it: they work
// with what is remembered, and what another server has changed meanwhile is a conflict, after which they lock and load. The
// store must know the changes called Checked. Most is how many bytes may be spent on it, weigh about how many of them an
// aggregate takes. Nobody may change an aggregate, or keep it, after the command that got it.
func (r *Repository[A, E]) Remembering(most int, weigh func(A) int) *Repository[A, E] {
	r.memory = newRemembered[A, E](most, weigh)
	return r
}

// Get returns the aggregate with that id. A second Get in the same command returns the same pointer without a query.
// Errors: the repository's not-found error, ErrNoUnit, ErrEnded, ErrConflict, or what the store reports.
func (r *Repository[A, E]) Get(ctx context.Context, id uuid.UUID) (A, error) {
	var none A
	s, err := r.session(ctx)
	if err != nil {
		return none, err
	}
	a, err := s.get(ctx, id)
	if err != nil && !errors.Is(err, r.missing) {
		return none, fmt.Errorf("get %s %s: %w", r.name, id, err)
	}
	return a, err
}

// Peek returns a copy of the aggregate for a command that only reads it: as this unit has it, or else as it is stored, asked
// once a unit. It locks nothing, also when the unit runs again, and whatever is done to the copy is forgotten. A rule that
// rests on it is not noticed when the aggregate changes meanwhile. Errors: as Get.
func (r *Repository[A, E]) Peek(ctx context.Context, id uuid.UUID) (A, error) {
	var none A
	s, err := r.session(ctx)
	if err != nil {
		return none, err
	}
	a, err := s.peek(ctx, id)
	if err != nil && !errors.Is(err, r.missing) {
		return none, fmt.Errorf("peek at %s %s: %w", r.name, id, err)
	}
	return a, err
}

// Add makes a new aggregate part of the unit; it is stored when the unit commits. Errors: ErrAlreadyAdded, ErrNotNew for
// one whose version is not 0, ErrNoUnit, ErrEnded.
func (r *Repository[A, E]) Add(ctx context.Context, a A) error {
	s, err := r.session(ctx)
	if err != nil {
		return err
	}
	return s.add(a)
}

// Remove deletes the aggregate when the unit commits; from now on Get does not find it. Errors: as Get.
func (r *Repository[A, E]) Remove(ctx context.Context, id uuid.UUID) error {
	if _, err := r.Get(ctx, id); err != nil {
		return err
	}
	s, err := r.session(ctx)
	if err != nil {
		return err
	}
	s.remove(id)
	return nil
}

// Loads returns a hint for Work.Do: the unit loads these aggregates, locked, before the function runs, with one query
// for all of its commands. An id that does not exist is no error here; Get will say so.
func (r *Repository[A, E]) Loads(ids ...uuid.UUID) func(context.Context) error {
	return func(ctx context.Context) error {
		if announces(ctx, ids) {
			return nil
		}
		s, err := r.session(ctx)
		if err != nil {
			return err
		}
		s.want(ids)
		return nil
	}
}

// Pending returns the events that earlier commands of this unit recorded on the aggregate and that no store has yet.
// Errors: ErrNoUnit, ErrEnded.
func (r *Repository[A, E]) Pending(ctx context.Context, id uuid.UUID) ([]E, error) {
	s, err := r.session(ctx)
	if err != nil {
		return nil, err
	}
	return s.pending(id), nil
}

// AllPending returns, aggregate by aggregate, all events that earlier commands of this unit recorded and that no store
// has yet. Errors: ErrNoUnit, ErrEnded.
func (r *Repository[A, E]) AllPending(ctx context.Context) (map[uuid.UUID][]E, error) {
	s, err := r.session(ctx)
	if err != nil {
		return nil, err
	}
	return s.allPending(), nil
}

// session returns the repository's part of the unit in ctx.
func (r *Repository[A, E]) session(ctx context.Context) (*session[A, E], error) {
	u, err := current(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	return r.in(u), nil
}

func (r *Repository[A, E]) in(u *unit) *session[A, E] {
	if s, ok := u.sessions[r]; ok {
		return s.(*session[A, E])
	}
	s := newSession(r, u)
	u.sessions[r] = s
	return s
}
