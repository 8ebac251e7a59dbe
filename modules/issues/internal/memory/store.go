// Package memory keeps issues in memory, for tests and for trying things out. It makes the same promises as a database, but
// for one: nothing outlives the process.
package memory

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// Store holds the data of the module. The repository, the views and the schedule of this package all work on one Store. It
// is safe for concurrent use.
type Store struct {
	db     *memory.Database
	issues *memory.Collection[*domain.Issue, domain.Event]
	mail   *memory.Collection[*domain.Letter, domain.Event]

	timelines map[uuid.UUID][]domain.Event // by issue; only ever appended to
	words     map[uuid.UUID][]string       // by issue: app.IssueWords
	numbers   map[domain.Origin]uuid.UUID  // of all issues that staff can see: app.Register
}

// NewStore returns an empty store whose units commit with everything else in db.
func NewStore(db *memory.Database) *Store {
	return &Store{
		db:        db,
		issues:    memory.NewCollection[*domain.Issue, domain.Event](db, domain.ErrIssueTaken),
		mail:      memory.NewCollection[*domain.Letter, domain.Event](db, domain.ErrLetterTaken),
		timelines: map[uuid.UUID][]domain.Event{},
		words:     map[uuid.UUID][]string{},
		numbers:   map[domain.Origin]uuid.UUID{},
	}
}

// NewIssues returns the repository over store; message gives events their published form.
func NewIssues(
	store *Store, message func(*domain.Issue, domain.Event) (events.Message, bool),
) *uow.Repository[*domain.Issue, domain.Event] {
	return uow.NewRepository("issues", table{store.issues, store}, domain.ErrIssueNotFound, message)
}

// table is the issues' uow.Store: the collection, and the timelines beside it.
type table struct {
	*memory.Collection[*domain.Issue, domain.Event]
	store *Store
}

// Save stages the changes with their events. Errors: as memory.Collection.Save.
func (t table) Save(ctx context.Context, changes []uow.Change[*domain.Issue, domain.Event]) error {
	if err := t.Collection.Save(ctx, changes); err != nil {
		return err
	}
	tx, err := t.store.db.Join(ctx)
	if err != nil {
		return err
	}
	for _, change := range changes {
		t.store.write(tx, change)
	}
	return nil
}

// write stages a change of an issue's timeline and words, to happen with the one of the issue itself.
func (s *Store) write(tx *memory.Transaction, change uow.Change[*domain.Issue, domain.Event]) {
	if change.Kind == uow.Removed {
		id := change.Before.ID()
		tx.Write(func() {
			delete(s.timelines, id)
			delete(s.words, id)
		})
		return
	}
	s.number(tx, change)
	id, title, recorded := change.After.ID(), change.After.State().Title, slices.Clone(change.Events)
	tx.Write(func() {
		s.timelines[id] = append(s.timelines[id], recorded...)
		for _, e := range recorded {
			if words, made := app.IssueWords(title, e); made {
				s.words[id] = words
			}
		}
	})
}

// states returns what is stored and fulfils the condition, as plain data, in no order.
func (s *Store) states(holds func(domain.IssueState) bool) []domain.IssueState {
	var found []domain.IssueState
	s.db.Read(func() {
		for _, issue := range s.issues.All() {
			if state := issue.State(); holds(state) {
				found = append(found, copied(state))
			}
		}
	})
	return found
}

// copied returns a state that shares nothing with s, so that nobody outside can change what is stored.
func copied(s domain.IssueState) domain.IssueState {
	s.Participants, s.Links = slices.Clone(s.Participants), slices.Clone(s.Links)
	s.Reporter.Confirmations, s.Reporter.Follow = slices.Clone(s.Reporter.Confirmations), slices.Clone(s.Reporter.Follow)
	return s
}

// compareIDs orders ids as every store does.
func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
