package uow

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// Facts is what an adapter offers for questions about what is no aggregate of the unit: may this member bid, was this
// command accepted before?
type Facts[K comparable, V any] interface {
	// Find returns the answers to the keys with one query, as they are committed. What is not in it is the zero answer.
	// Errors: what the store reports.
	Find(ctx context.Context, keys []K) (map[K]V, error)
	// Verify lets the unit commit only if the expected answer is the one to each of the keys, which are different. Errors:
	// ErrConflict, here or when the unit commits, or what the store reports.
	Verify(ctx context.Context, keys []K) error
}

// Lookup answers the questions of commands inside units. Where commands share a unit it spares them the query that would
// nearly always give the expected answer: it gives that at once, and has the store verify it, for all commands with one
// statement, as part of the commit. Where it was wrong nothing is committed, the unit runs again, and everything is asked.
// So no command ever succeeds, or is refused, by an answer that was not true when its unit committed.
//
// It is a singleton, safe for concurrent use.
type Lookup[K comparable, V any] struct {
	name     string
	facts    Facts[K, V]
	expected V
}

// NewLookup returns a lookup of facts. The name tells lookups apart in errors; expected is the answer that Verify verifies.
func NewLookup[K comparable, V any](name string, facts Facts[K, V], expected V) *Lookup[K, V] {
	return &Lookup[K, V]{name: name, facts: facts, expected: expected}
}

// Get returns the answer to the key: in one unit always the same. Errors: ErrNoUnit, ErrEnded, or what the store reports.
func (l *Lookup[K, V]) Get(ctx context.Context, key K) (V, error) {
	var none V
	u, err := current(ctx)
	if err != nil {
		return none, fmt.Errorf("%s: %w", l.name, err)
	}
	a := l.in(u)
	if answer, ok := a.found[key]; ok {
		return answer, nil
	}
	if u.trusting {
		a.supposed[key] = struct{}{}
		return l.expected, nil
	}
	if err := a.find(ctx, []K{key}); err != nil {
		return none, err
	}
	return a.found[key], nil
}

func (l *Lookup[K, V]) in(u *unit) *answers[K, V] {
	if a, ok := u.lookups[l]; ok {
		return a.(*answers[K, V])
	}
	a := &answers[K, V]{lookup: l, found: map[K]V{}, supposed: map[K]struct{}{}}
	u.lookups[l] = a
	return a
}

// lookup is what the unit sees of a Lookup's answers.
type lookup interface {
	name() string
	preload(ctx context.Context) error
	supposes() bool
	verify(ctx context.Context) error
	again(u *unit)
}

// answers is one Lookup's part of one unit.
type answers[K comparable, V any] struct {
	lookup   *Lookup[K, V]
	wanted   []K
	found    map[K]V
	supposed map[K]struct{}
}

func (a *answers[K, V]) name() string { return a.lookup.name }

// preload asks what the last attempt needed to know.
func (a *answers[K, V]) preload(ctx context.Context) error {
	wanted := a.wanted
	a.wanted = nil
	if len(wanted) == 0 {
		return nil
	}
	return a.find(ctx, wanted)
}

func (a *answers[K, V]) find(ctx context.Context, keys []K) error {
	found, err := a.lookup.facts.Find(ctx, keys)
	if err != nil {
		return fmt.Errorf("%s: %w", a.lookup.name, err)
	}
	for _, key := range keys {
		a.found[key] = found[key]
	}
	return nil
}

func (a *answers[K, V]) supposes() bool { return len(a.supposed) > 0 }

func (a *answers[K, V]) verify(ctx context.Context) error {
	if !a.supposes() {
		return nil
	}
	if err := a.lookup.facts.Verify(ctx, slices.Collect(maps.Keys(a.supposed))); err != nil {
		return fmt.Errorf("%s: %w", a.lookup.name, err)
	}
	return nil
}

func (a *answers[K, V]) again(u *unit) {
	next := a.lookup.in(u)
	next.wanted = slices.AppendSeq(slices.Collect(maps.Keys(a.supposed)), maps.Keys(a.found))
}

// Recorded reports whether an earlier command of the unit may have recorded events under this id: one that was given it with
// CommandID has, one that was given none may. Errors: ErrNoUnit, ErrEnded.
func Recorded(ctx context.Context, command uuid.UUID) (bool, error) {
	u, err := current(ctx)
	if err != nil {
		return false, err
	}
	_, recorded := u.recorded[command]
	return recorded || u.unnamed, nil
}
