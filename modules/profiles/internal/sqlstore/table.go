package sqlstore

import (
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/table"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/uow"
)

// newRepository returns a repository over a table; missing is what Get answers for an id that does not exist.
func newRepository[A uow.Aggregate[A, domain.Event], R any](
	pool *db.Pool, name string, missing error, message func(A, domain.Event) (events.Message, bool), m table.Mapping[A, R],
) *uow.Repository[A, domain.Event] {
	return uow.NewRepository(name, table.NewStore[A, domain.Event](pool, m), missing, message)
}

// unpublished publishes nothing: what others need to know are events of accounts.
func unpublished[A any](A, domain.Event) (events.Message, bool) { return events.Message{}, false }
