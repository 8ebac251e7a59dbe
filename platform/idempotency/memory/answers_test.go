package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/idempotency/idempotencytest"
	"github.com/gavelhq/gavel/platform/idempotency/memory"
	platformmemory "github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAnswers(t *testing.T) {
	t.Parallel()
	idempotencytest.Run(t, func(*testing.T) idempotencytest.Store {
		db := platformmemory.NewDatabase()
		return idempotencytest.Store{
			Work:    uow.New(outbox.NewOutbox(db), uow.Settings{}),
			Answers: memory.NewAnswers(db),
			Waiting: uowtest.WaitsAtCommit,
		}
	})
}
