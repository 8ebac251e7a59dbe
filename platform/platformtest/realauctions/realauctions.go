// Package realauctions finds the recorded auctions that tests compare with, which are not part of the project.
package realauctions

import (
	"testing"

	"github.com/gavelhq/gavel/platform/platformtest/realdata"
)

// File returns the name of the file of real auctions. Errors: as realdata.File.
func File(tb testing.TB) string {
	tb.Helper()
	return realdata.File(tb, "ebay-auctions.csv")
}
