package sqlstore_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// serverVariable makes this test binary a server that delivers what is in the database at that address.
const serverVariable = "GAVEL_TEST_DELIVER"

func TestMain(m *testing.M) {
	if url := os.Getenv(serverVariable); url != "" {
		serve(url)
		return
	}
	goleak.VerifyTestMain(m,
		// The connection to the temporary PostgreSQL stays open as long as the test process lives.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"),
	)
}
