package main

import (
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/db"
)

// parts are what commands need that work on the database itself. The program that they come from was put together and
// not started: nothing has migrated the database, follows its clock or serves it, and nobody but the command closes the
// pool.
type parts struct {
	fx.In

	Pool     *db.Pool
	Migrator *db.Migrator
	Sets     []db.Migrations `group:"migrations"`
	Verifier *listings.Verifier
}

// parts takes the program apart; options swap some of it. The caller closes the pool. Errors: what keeps the program from
// being put together.
func (p *program) parts(cfg config.Config, options ...fx.Option) (parts, error) {
	var found parts
	app := fx.New(
		core(cfg, p.logOutput()),
		fx.Options(options...),
		fx.Provide(listings.NewVerifier),
		fx.Populate(&found),
	)
	return found, app.Err()
}
