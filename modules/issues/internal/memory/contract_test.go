package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/contract"
	"github.com/gavelhq/gavel/modules/issues/internal/memory"
	"github.com/gavelhq/gavel/platform/events"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	platformmemory "github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStores(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(*testing.T) contract.Store {
		db := platformmemory.NewDatabase()
		outbox := eventsmemory.NewOutbox(db)
		store := memory.NewStore(db)
		views := memory.NewViews(store)
		schedule := memory.NewSchedule(store)
		return contract.Store{
			Work:        uow.New(outbox, uow.Settings{}),
			Issues:      memory.NewIssues(store, app.Message),
			Letters:     memory.NewLetters(store),
			LettersDue:  memory.NewLettersDue(store),
			Views:       views,
			Visitors:    views,
			Schedule:    schedule,
			Assignments: schedule,
			Register:    memory.NewRegister(store),
			House:       memory.House,
			Messages:    func(*testing.T) []events.Message { return outbox.Messages() },
			Waiting:     uowtest.WaitsAtCommit,
		}
	})
}
