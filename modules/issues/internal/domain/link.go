package domain

import (
	"bytes"
	"slices"
	"time"

	"github.com/google/uuid"
)

// MaxLinks is how many other issues one can be linked with.
const MaxLinks = 100

// Link notes on both issues that they belong together, by staff who may read both; also when they are over. Errors, the
// first that applies: ErrSameIssue, ErrIssueNotFound, ErrNotStaff, ErrTransition, ErrAlreadyLinked, ErrTooManyLinks.
func (i *Issue) Link(by Actor, other *Issue, now time.Time) error {
	if i.ID() == other.ID() {
		return ErrSameIssue
	}
	a, err := i.begin(by, CommandLink, now)
	if err != nil {
		return err
	}
	b, err := other.begin(by, CommandLink, now)
	if err != nil {
		return err
	}
	if err := a.link(other.ID()); err != nil {
		return err
	}
	if err := b.link(i.ID()); err != nil {
		return err
	}
	a.done()
	b.done()
	return nil
}

// link notes one side. Errors: ErrAlreadyLinked, ErrTooManyLinks.
func (t *turn) link(other uuid.UUID) error {
	place, found := slices.BinarySearchFunc(t.state.Links, other, compareIDs)
	switch {
	case found:
		return ErrAlreadyLinked
	case len(t.state.Links) >= MaxLinks:
		return ErrTooManyLinks
	}
	t.state.Links = slices.Insert(slices.Clone(t.state.Links), place, other)
	t.tell(Linked{Other: other})
	return nil
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
