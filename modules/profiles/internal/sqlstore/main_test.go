package sqlstore_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/profiles/internal/sqlstore"
	"github.com/gavelhq/gavel/platform/db"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// The connection to the temporary PostgreSQL stays open as long as the test process lives.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"),
	)
}

// schema is what a database of members has.
var schema = []db.Migrations{sqlstore.Migrations(), outbox.Migrations()}
