package listings

import (
	"context"
	"io"

	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
	"github.com/gavelhq/gavel/modules/listings/internal/sqlstore"
	"github.com/gavelhq/gavel/modules/listings/internal/verify"
	"github.com/gavelhq/gavel/platform/db"
)

// HeadsFile is the name under which a backup holds the heads of all logs; ReadHeads reads it.
const HeadsFile = "listing-heads.ndjson"

// VerifyFlaw is the first bad event of a log in a VerifyReport.
type VerifyFlaw = verify.Flaw

// WriteHeads writes the heads of all logs as they are in a snapshot of the database, which may be an older program's. It
// verifies nothing: whoever compares them with the copy of the logs does. Errors: what w or the database reports.
func WriteHeads(ctx context.Context, s *db.Snapshot, w io.Writer) error {
	heads, err := publiclog.NewHeadsWriter(w)
	if err != nil {
		return err
	}
	for head, err := range sqlstore.Heads(ctx, s) {
		if err != nil {
			return err
		}
		if err := heads.Write(head.Listing, head.Head); err != nil {
			return err
		}
	}
	return heads.End()
}
