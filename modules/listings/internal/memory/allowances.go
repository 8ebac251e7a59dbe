package memory

import (
	"fmt"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// Allowances is the domain.RetractionAllowances, all of it the unit of work's.
type Allowances struct {
	*uow.Repository[*domain.RetractionAllowance, domain.Event]
}

var _ domain.RetractionAllowances = (*Allowances)(nil)

// errAllowanceExists makes the unit run again: it will find the allowance that was added meanwhile.
var errAllowanceExists = fmt.Errorf("%w: the member has an allowance already", uow.ErrConflict)

// NewAllowances returns the repository, which keeps its data in db.
func NewAllowances(db *memory.Database) *Allowances {
	collection := memory.NewCollection[*domain.RetractionAllowance, domain.Event](db, errAllowanceExists)
	return &Allowances{uow.NewRepository("retraction allowances", collection, domain.ErrAllowanceNotFound, unpublished)}
}

// unpublished publishes nothing: what happened stands in the listing's log.
func unpublished(*domain.RetractionAllowance, domain.Event) (events.Message, bool) {
	return events.Message{}, false
}
