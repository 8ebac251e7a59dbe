package uow

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// Leftover is what a job has tried, unit by unit, and what stays due all the same, with the reason: nil for what had nothing to
// be done, as another server was faster. Such a job looks for what is due until there is nothing that it has not tried, and has
// to ask for as many more as are left over.
type Leftover map[uuid.UUID]error

// Untried returns those of what is due that were not tried, in the same order. It uses the memory of due.
func (l Leftover) Untried(due []uuid.UUID) []uuid.UUID {
	return slices.DeleteFunc(due, func(id uuid.UUID) bool { _, tried := l[id]; return tried })
}

// Reasons joins what went wrong with single things, by id, each after the name of what it is; nil if nothing did.
func (l Leftover) Reasons(name string) error {
	var all []error
	for _, id := range slices.SortedFunc(maps.Keys(l), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }) {
		if err := l[id]; err != nil {
			all = append(all, fmt.Errorf("%s %s: %w", name, id, err))
		}
	}
	return errors.Join(all...)
}
