package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/backup"
)

// seedRequest is what the command line says.
type seedRequest struct {
	seed     int64
	listings int
	asJSON   bool
}

// mostListings is more than anybody wants to wait for.
const mostListings = 100_000

func newSeedCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "seed",
		Short: "Fill an empty database with an invented market, to try things out",
		Long: `Fills an empty database with listings in every state that there is: drafts, scheduled, open with bids from none to
a proxy war, below and above a reserve, prolonged by late bids, frozen, sold, bought at once, unsold, cancelled. All of it
goes through the use cases, on a clock that ends now. A database that is not empty is left alone.

The same --seed gives the same market, as seen from now; only the listings' secrets are drawn anew, and with them aliases
and hashes.`,
		Example: `  monolith seed
  monolith seed --listings 1000 --seed 7 --data.dir /tmp/market`,
		Args: cobra.NoArgs,
	}
	var r seedRequest
	cmd.Flags().Int64Var(&r.seed, "seed", 1, "which market; the same `number` gives the same one")
	cmd.Flags().IntVar(&r.listings, "listings", 60, "how many listings")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		r.asJSON = *asJSON
		return p.seed(cmd.Context(), r)
	}
	return cmd
}

func (p *program) seed(ctx context.Context, r seedRequest) (err error) {
	if r.listings < 1 || r.listings > mostListings {
		return usagef("--listings must be 1 to %d", mostListings)
	}
	cfg, err := p.config()
	if err != nil {
		return err
	}
	var pool *db.Pool
	var seeder *listings.Seeder
	app := fx.New(core(*cfg, p.logOutput()), fx.Provide(listings.CollectStores, listings.NewSeeder), fx.Populate(&pool, &seeder))
	if err := app.Err(); err != nil {
		return err
	}
	if err := start(ctx, app, cfg.HTTP.ShutdownTimeout); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop(ctx, app, cfg.HTTP.ShutdownTimeout)) }()
	if err := checkEmpty(ctx, pool); err != nil {
		return err
	}
	progress := p.newProgress("things have happened")
	result, err := seeder.Run(ctx, listings.SeedOptions{Seed: r.seed, Listings: r.listings, Progress: progress.of})
	progress.end()
	if err != nil {
		return fmt.Errorf("seed %s: %w", pool, err)
	}
	return p.answer(result, r.asJSON)
}

// checkEmpty refuses a database that holds anything.
func checkEmpty(ctx context.Context, pool *db.Pool) error {
	err := backup.CheckEmpty(ctx, pool)
	if errors.Is(err, backup.ErrNotEmpty) {
		return fmt.Errorf("%s is not empty, and seed fills only an empty database: name another with --data.dir or --database.url", pool)
	}
	return err
}
