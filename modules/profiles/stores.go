package profiles

import (
	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	profilesmemory "github.com/gavelhq/gavel/modules/profiles/internal/memory"
	"github.com/gavelhq/gavel/platform/memory"
)

// Stores are the adapters behind the ports through which the module reads and writes its data.
type Stores struct {
	Accounts       domain.Accounts
	Profiles       domain.Profiles
	Settings       domain.Settings
	TakenHandles   domain.TakenHandles
	Sessions       domain.Sessions
	APITokens      domain.APITokens
	Devices        domain.Devices
	Throttles      domain.Throttles
	Blocks         domain.Blocks
	Invitations    domain.Invitations
	Administrators domain.AdministratorsRepository
	Sales          domain.Sales
	Views          app.Views
	Credentials    app.Credentials
	Standings      app.Standings
	Notices        domain.Notices
	Recipients     app.Recipients
	Leftovers      app.Leftovers
}

// NewMemoryStores returns stores that keep everything in db.
func NewMemoryStores(db *memory.Database) Stores {
	store := profilesmemory.NewStore(db)
	return Stores{
		Accounts:       profilesmemory.NewAccounts(store, app.Message),
		Profiles:       profilesmemory.NewProfiles(store),
		Settings:       profilesmemory.NewSettings(store),
		TakenHandles:   profilesmemory.NewTakenHandles(store),
		Sessions:       profilesmemory.NewSessions(store),
		APITokens:      profilesmemory.NewAPITokens(store),
		Devices:        profilesmemory.NewDevices(store),
		Throttles:      profilesmemory.NewThrottles(store),
		Blocks:         profilesmemory.NewBlocks(store),
		Invitations:    profilesmemory.NewInvitations(store),
		Administrators: profilesmemory.NewAdministrators(store),
		Sales:          profilesmemory.NewSales(store),
		Views:          profilesmemory.NewViews(store),
		Credentials:    profilesmemory.NewCredentials(store),
		Standings:      profilesmemory.NewStandings(store),
		Notices:        profilesmemory.NewNotices(store),
		Recipients:     profilesmemory.NewStandings(store),
		Leftovers:      profilesmemory.NewLeftovers(store),
	}
}
