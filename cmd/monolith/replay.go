package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/gavelhq/gavel/modules/listings"
	"github.com/gavelhq/gavel/platform/clock"
)

// replayRequest is what the command line says.
type replayRequest struct {
	file        string
	store       string
	reserve     string
	skipBadRows bool
	asJSON      bool
}

func newReplayCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Run recorded auctions through the real use cases and compare",
		Long: `Runs recorded auctions through the program's own use cases, on a virtual clock and a throw-away store, and compares.

FILE.csv holds recorded auctions in the public eBay layout (auctionid,bid,bidtime,bidder,bidderrate,openbid,price,item,
auction_type). All of them start at the same instant, bids come in the order of their times, and each auction is closed
by the closing job when its days are over. The answer says at how many of the recorded prices, to the cent, and lists
the others. The exit status is 1 only when the chain of a log does not verify, or the file cannot be used.

FILE.json holds worked examples of the rules, step by step. The exit status is 1 when anything comes out otherwise.

The store never is the configured one. With --store postgres it is a schema of its own at database.url, which is
dropped in the end.`,
		Example: `  monolith replay ebay-auctions.csv
  monolith replay --reserve recorded --json ebay-auctions.csv
  monolith replay --store postgres --database.url postgres://gavel@localhost/gavel ebay-auctions.csv
  monolith replay golden.json`,
		Args: cobra.ExactArgs(1),
	}
	var r replayRequest
	cmd.Flags().StringVar(&r.store, "store", storeMemory, "where the auctions run: memory, sqlite or postgres")
	cmd.Flags().StringVar(&r.reserve, "reserve", string(listings.ReserveNone),
		"hidden reserve of the recorded auctions: none, or recorded for the recorded price where it is above the start")
	cmd.Flags().BoolVar(&r.skipBadRows, "skip-bad-rows", false, "leave out and count rows that make no sense")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		r.file, r.asJSON = args[0], *asJSON
		return p.replay(cmd.Context(), r)
	}
	return cmd
}

func (p *program) replay(ctx context.Context, r replayRequest) error {
	reserve := listings.ReplayReserve(r.reserve)
	if reserve != listings.ReserveNone && reserve != listings.ReserveRecorded {
		return usagef("--reserve must be %s or %s, not %q", listings.ReserveNone, listings.ReserveRecorded, r.reserve)
	}
	recording, err := listings.ReadRecording(r.file, r.skipBadRows)
	if err != nil {
		return err
	}
	counted := "bids"
	if recording.Histories != nil {
		counted = "histories"
	}
	var result listings.ReplayResult
	err = p.withThrowAway(ctx, r.store, func(ctx context.Context, m market) (err error) {
		progress := p.newProgress(counted)
		defer progress.end()
		result, err = listings.Replay(ctx, m.stores, m.work, recording, listings.ReplayOptions{
			Reserve:  reserve,
			Wall:     clock.NewReal(),
			Progress: progress.of,
		})
		return err
	})
	if err != nil {
		return err
	}
	return errors.Join(p.answer(result, r.asJSON), result.Err())
}

// answer writes an answer to stdout, for people or for programs. Errors: those of writing.
func (p *program) answer(a listings.CommandAnswer, asJSON bool) error {
	if asJSON {
		return p.writeJSON(a)
	}
	return a.WriteText(p.stdout)
}
