package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/platform/db"
)

func newAdminCommand(p *program) *cobra.Command {
	return group(&cobra.Command{
		Use:   "admin",
		Short: "Make admins without a browser",
		Long:  `Makes admins without a browser. The other way is the setup link that serve prints while there is no admin.`,
		Example: `  monolith admin create --email ada@example.org --handle ada
  monolith user grant ada admin`,
	}, newAdminCreateCommand(p))
}

func newAdminCreateCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make an account that is an admin's",
		Long: `Makes an account that is an admin's, whether or not there are others. Its e-mail address counts as verified. The
password comes from a prompt, or from the first line of standard input. The servers may run meanwhile.`,
		Example: `  monolith admin create --email ada@example.org --handle ada
  pass show gavel | monolith admin create --email ada@example.org --handle ada --json`,
		Args: cobra.NoArgs,
	}
	var n profiles.NewAdmin
	cmd.Flags().StringVar(&n.Email, "email", "", "the e-mail `address` to sign in with")
	cmd.Flags().StringVar(&n.Handle, "handle", "", "the public `name`, for life: 3 to 30 of a-z, 0-9, _ and -")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if n.Email == "" || n.Handle == "" {
			return usagef("--email and --handle are needed")
		}
		password, err := p.newPassword(cmd.Context())
		if err != nil {
			return err
		}
		n.Password = password
		return p.asOperator(cmd.Context(), true, func(ctx context.Context, o *profiles.Operator) error {
			admin, err := o.CreateAdmin(ctx, n)
			if err != nil {
				return err
			}
			return p.answer(admin, *asJSON)
		})
	}
	return cmd
}

// asOperator calls do with the right to everything, on the configured database, which it brings up to date first. Unless
// create says so, it makes no new one: a mistyped folder must not pass as a house without members. Letters are sent before
// it returns; one that cannot be is logged. Errors: what do returns, or the database.
func (p *program) asOperator(ctx context.Context, create bool, do func(context.Context, *profiles.Operator) error) error {
	var operator *profiles.Operator
	with := fx.Options(fx.Invoke(sendLetters), fx.Populate(&operator))
	return p.onDatabase(ctx, create, with, func(ctx context.Context) error { return do(ctx, operator) })
}

// onDatabase calls do while the program runs, without what it does by itself, on the configured database. Errors: as
// asOperator.
func (p *program) onDatabase(ctx context.Context, create bool, with fx.Option, do func(context.Context) error) (err error) {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	var pool *db.Pool
	app := fx.New(core(*cfg, p.logOutput()), with, fx.Populate(&pool))
	if err := app.Err(); err != nil {
		return err
	}
	if !create && !pool.Exists() {
		return fmt.Errorf("there is no database at %s: check data.dir and database.url", pool)
	}
	if err := start(ctx, app, cfg.HTTP.ShutdownTimeout); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop(ctx, app, cfg.HTTP.ShutdownTimeout)) }()
	return do(ctx)
}
