package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/table"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// errAddedMeanwhile makes the unit run again: it will find what was added meanwhile.
var errAddedMeanwhile = fmt.Errorf("%w: it is there already", uow.ErrConflict)

// newSmall returns a repository over a table; missing is what Get answers for an id that does not exist.
func newSmall[A uow.Aggregate[A, domain.Event], R any](
	pool *db.Pool, name string, missing error, m table.Mapping[A, R],
) *uow.Repository[A, domain.Event] {
	silent := func(A, domain.Event) (events.Message, bool) { return events.Message{}, false }
	return uow.NewRepository(name, table.NewStore[A, domain.Event](pool, m), missing, silent)
}

// Watches is the domain.Watches.
type Watches struct {
	*uow.Repository[*domain.Watch, domain.Event]
	pool *db.Pool
}

var _ domain.Watches = (*Watches)(nil)

// NewWatches returns the repository over pool.
func NewWatches(pool *db.Pool) *Watches {
	return &Watches{pool: pool, Repository: newSmall(pool, "watches", domain.ErrNotWatched, table.Mapping[*domain.Watch, watchRow]{
		Table: "listing_watches", Row: watchRowOf, Restore: watchRow.watch,
		Refusals: map[string]error{"listing_watches_pkey": errAddedMeanwhile, "listing_watches_member": errAddedMeanwhile},
	})}
}

// Forget deletes all watches of the member. Errors: uow.ErrNoUnit, uow.ErrEnded, db.ErrUnavailable.
func (w *Watches) Forget(ctx context.Context, member uuid.UUID) error {
	tx, err := w.pool.Tx(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM listing_watches WHERE member = $1`, member)
	return err
}

// NewWatchLists returns the repository over pool.
func NewWatchLists(pool *db.Pool) domain.WatchLists {
	return newSmall(pool, "watch lists", domain.ErrRecordNotFound, table.Mapping[*domain.WatchList, watchListRow]{
		Table: "watch_lists", Row: watchListRowOf, Restore: watchListRow.list,
		Refusals: map[string]error{"watch_lists_pkey": errAddedMeanwhile},
	})
}

// NewTellings returns the repository over pool.
func NewTellings(pool *db.Pool) domain.Tellings {
	return newSmall(pool, "tellings", domain.ErrRecordNotFound, table.Mapping[*domain.Telling, tellingRow]{
		Table: "listing_tellings", Row: tellingRowOf, Restore: tellingRow.telling,
		Refusals: map[string]error{"listing_tellings_pkey": errAddedMeanwhile},
	})
}

// watchRow is a row of listing_watches.
type watchRow struct {
	ID        uuid.UUID    `db:"id"`
	Version   int64        `db:"version"`
	Member    uuid.UUID    `db:"member"`
	Listing   uuid.UUID    `db:"listing_id"`
	Since     db.Micros    `db:"since"`
	Announced db.MaybeTime `db:"announced_end"`
}

func watchRowOf(w *domain.Watch) watchRow {
	s := w.State()
	return watchRow{
		ID: s.ID, Version: s.Version, Member: s.Member, Listing: s.Listing, Since: db.Micros(s.Since), Announced: db.MaybeTime(s.Announced),
	}
}

func (r watchRow) state() domain.WatchState {
	return domain.WatchState{
		ID: r.ID, Version: r.Version, Member: r.Member, Listing: r.Listing, Since: r.Since.Time(), Announced: time.Time(r.Announced),
	}
}

func (r watchRow) watch() *domain.Watch { return domain.RestoreWatch(r.state()) }

// watchListRow is a row of watch_lists.
type watchListRow struct {
	Member  uuid.UUID `db:"id"`
	Version int64     `db:"version"`
	Watches int       `db:"watches"`
}

func watchListRowOf(l *domain.WatchList) watchListRow { return watchListRow(l.State()) }

func (r watchListRow) list() *domain.WatchList {
	return domain.RestoreWatchList(domain.WatchListState(r))
}

// tellingRow is a row of listing_tellings.
type tellingRow struct {
	Listing uuid.UUID `db:"id"`
	Version int64     `db:"version"`
	Kind    string    `db:"kind"`
	News    string    `db:"news"`
	After   uuid.UUID `db:"after_member"`
}

func tellingRowOf(t *domain.Telling) tellingRow { return tellingRow(t.State()) }

func (r tellingRow) telling() *domain.Telling { return domain.RestoreTelling(domain.TellingState(r)) }
