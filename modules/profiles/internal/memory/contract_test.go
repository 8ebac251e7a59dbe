package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/contract"
	"github.com/gavelhq/gavel/modules/profiles/internal/memory"
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
		return contract.Store{
			Work:           uow.New(outbox, uow.Settings{}),
			Accounts:       memory.NewAccounts(store, app.Message),
			Profiles:       memory.NewProfiles(store),
			Settings:       memory.NewSettings(store),
			TakenHandles:   memory.NewTakenHandles(store),
			Sessions:       memory.NewSessions(store),
			APITokens:      memory.NewAPITokens(store),
			Devices:        memory.NewDevices(store),
			Throttles:      memory.NewThrottles(store),
			Blocks:         memory.NewBlocks(store),
			Invitations:    memory.NewInvitations(store),
			Administrators: memory.NewAdministrators(store),
			Sales:          memory.NewSales(store),
			Notices:        memory.NewNotices(store),
			Views:          memory.NewViews(store),
			Credentials:    memory.NewCredentials(store),
			Standings:      memory.NewStandings(store),
			Recipients:     memory.NewStandings(store),
			Leftovers:      memory.NewLeftovers(store),
			Messages:       func(*testing.T) []events.Message { return outbox.Messages() },
			Waiting:        uowtest.WaitsAtCommit,
		}
	})
}
