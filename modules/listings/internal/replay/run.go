package replay

import (
	"context"
	"encoding/json"
	"io"

	"github.com/gavelhq/gavel/modules/listings/internal/stage"
)

// Result says what came of a file.
type Result interface {
	json.Marshaler
	// WriteText writes it for people. Errors: what w reports.
	WriteText(w io.Writer) error
	// Err returns an error if the program is to fail: a chain does not verify, or a history comes out otherwise than
	// written. Prices that differ from recorded ones are none.
	Err() error
}

// Run plays a file on a stage whose clock stands before Epoch. Errors: as Auctions and Examples.
func Run(ctx context.Context, s *stage.Stage, f File, o Options) (Result, error) {
	if f.Histories != nil {
		return result(Examples(ctx, s, f.Histories, o))
	}
	return result(Auctions(ctx, s, f.Recording, o))
}

// result keeps a nil report from becoming a Result that is not nil.
func result[R Result](report R, err error) (Result, error) {
	if err != nil {
		return nil, err
	}
	return report, nil
}
