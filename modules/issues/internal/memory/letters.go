package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// NewLetters returns the letters of store. They publish nothing.
func NewLetters(store *Store) *uow.Repository[*domain.Letter, domain.Event] {
	return uow.NewRepository("letters", store.mail, domain.ErrLetterNotFound,
		func(*domain.Letter, domain.Event) (events.Message, bool) { return events.Message{}, false })
}

// LettersDue is the app.Schedule of letters.
type LettersDue struct{ store *Store }

var _ app.Schedule = (*LettersDue)(nil)

// NewLettersDue returns the schedule of the letters of store.
func NewLettersDue(store *Store) *LettersDue { return &LettersDue{store} }

// Due returns the letters to be tried at the instant now. Errors: none.
func (s *LettersDue) Due(_ context.Context, now time.Time, limit int) ([]uuid.UUID, error) {
	var due []uuid.UUID
	for _, l := range s.planned() {
		if l.DueAt.After(now) || len(due) >= limit {
			break
		}
		due = append(due, l.ID)
	}
	return due, nil
}

// Next returns when a letter is to be tried next. Errors: none.
func (s *LettersDue) Next(context.Context) (time.Time, bool, error) {
	planned := s.planned()
	if len(planned) == 0 {
		return time.Time{}, false, nil
	}
	return planned[0].DueAt, true, nil
}

// planned returns all letters, the earliest first.
func (s *LettersDue) planned() []domain.LetterState {
	var planned []domain.LetterState
	s.store.db.Read(func() {
		for _, l := range s.store.mail.All() {
			planned = append(planned, l.State())
		}
	})
	slices.SortFunc(planned, func(a, b domain.LetterState) int { return cmp.Or(a.DueAt.Compare(b.DueAt), compareIDs(a.ID, b.ID)) })
	return planned
}
