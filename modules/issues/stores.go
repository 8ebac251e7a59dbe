package issues

import (
	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	issuesmemory "github.com/gavelhq/gavel/modules/issues/internal/memory"
	"github.com/gavelhq/gavel/platform/memory"
)

// Stores are the adapters behind the ports through which the module reads and writes its data.
type Stores struct {
	Issues      domain.Repository
	Letters     domain.Letters
	Views       app.Views
	Visitors    app.Visitors
	Schedule    app.Schedule
	LettersDue  app.Schedule
	Assignments app.Assignments
	Register    app.Register
}

// NewMemoryStores returns stores that keep everything in db.
func NewMemoryStores(db *memory.Database) Stores {
	store := issuesmemory.NewStore(db)
	views := issuesmemory.NewViews(store)
	schedule := issuesmemory.NewSchedule(store)
	return Stores{
		Issues:      issuesmemory.NewIssues(store, app.Message),
		Letters:     issuesmemory.NewLetters(store),
		Views:       views,
		Visitors:    views,
		Schedule:    schedule,
		LettersDue:  issuesmemory.NewLettersDue(store),
		Assignments: schedule,
		Register:    issuesmemory.NewRegister(store),
	}
}
