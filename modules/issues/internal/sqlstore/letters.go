package sqlstore

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/table"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// letterRow is a row of issue_letters.
type letterRow struct {
	ID        uuid.UUID    `db:"id"`
	Version   int64        `db:"version"`
	Kind      string       `db:"kind"`
	Issue     db.MaybeID   `db:"issue_id"`
	Email     db.MaybeText `db:"email"`
	WrittenAt db.Micros    `db:"written_at"`
	DueAt     db.Micros    `db:"due_at"`
	Attempts  int          `db:"attempts"`
}

func letterRowOf(l *domain.Letter) letterRow {
	s := l.State()
	return letterRow{
		ID: s.ID, Version: s.Version, Kind: string(s.Kind), Issue: db.MaybeID(s.Issue), Email: db.MaybeText(s.Email),
		WrittenAt: db.Micros(s.WrittenAt), DueAt: db.Micros(s.DueAt), Attempts: s.Attempts,
	}
}

func (r letterRow) letter() *domain.Letter {
	return domain.RestoreLetter(domain.LetterState{
		ID: r.ID, Version: r.Version, Kind: domain.LetterKind(r.Kind), Issue: uuid.UUID(r.Issue), Email: string(r.Email),
		WrittenAt: r.WrittenAt.Time(), DueAt: r.DueAt.Time(), Attempts: r.Attempts,
	})
}

// NewLetters returns the letters over pool. They publish nothing.
func NewLetters(pool *db.Pool) *uow.Repository[*domain.Letter, domain.Event] {
	store := table.NewStore[*domain.Letter, domain.Event](pool, table.Mapping[*domain.Letter, letterRow]{
		Table: "issue_letters", Row: letterRowOf, Restore: letterRow.letter,
		Refusals: map[string]error{"issue_letters_pkey": domain.ErrLetterTaken},
	})
	return uow.NewRepository("letters", store, domain.ErrLetterNotFound,
		func(*domain.Letter, domain.Event) (events.Message, bool) { return events.Message{}, false })
}

// LettersDue is the app.Schedule of letters.
type LettersDue struct{ pool *db.Pool }

var _ app.Schedule = (*LettersDue)(nil)

// NewLettersDue returns the schedule of the letters over pool.
func NewLettersDue(pool *db.Pool) *LettersDue { return &LettersDue{pool: pool} }

const (
	selectLettersDue = `
		SELECT id
		FROM issue_letters
		WHERE due_at <= $1
		ORDER BY due_at, id
		LIMIT $2`
	selectNextLetter = `
		SELECT due_at
		FROM issue_letters
		ORDER BY due_at, id
		LIMIT 1`
)

// Due returns the letters to be tried at the instant now. Errors: db.ErrUnavailable.
func (s *LettersDue) Due(ctx context.Context, now time.Time, limit int) ([]uuid.UUID, error) {
	return ids(ctx, s.pool.Read(), "look up which letters are due", selectLettersDue, db.Micros(now), max(limit, 0))
}

// Next returns when a letter is to be tried next. Errors: db.ErrUnavailable.
func (s *LettersDue) Next(ctx context.Context) (time.Time, bool, error) {
	return first(ctx, s.pool.Read(), "look up which letter is next", selectNextLetter)
}
