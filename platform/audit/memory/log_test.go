package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/platform/audit/audittest"
	"github.com/gavelhq/gavel/platform/audit/memory"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	platformmemory "github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLog(t *testing.T) {
	t.Parallel()
	audittest.Run(t, func(*testing.T) audittest.Store {
		db := platformmemory.NewDatabase()
		log := memory.NewLog(db)
		return audittest.Store{Work: uow.New(outbox.NewOutbox(db), uow.Settings{}), Log: log, View: log}
	})
}
