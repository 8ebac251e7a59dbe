package sqlstore_test

import (
	"testing"

	"github.com/gavelhq/gavel/modules/issues/internal/contract"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/platformtest/storetest"
)

// tables are all that the stores write to.
var tables = []string{"issues", "issue_events", "issue_participants", "issue_words", "issue_numbers", "issue_letters", "outbox"}

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.OnEveryDatabase(t, schema, tables, func(t *testing.T, open func(t *testing.T) *db.Pool) {
		contract.Run(t, func(t *testing.T) contract.Store { return newStore(open(t)) })
	})
}

// TestSchema compares what the migrations make of the two databases.
func TestSchema(t *testing.T) {
	t.Parallel()
	dbtest.SameSchema(t, schema...)
}
