// Package app brings sqlx in by way of a package that looks harmless, and knows an adapter.
package app

import (
	_ "example.com/offender/modules/shop/internal/memory"
	_ "example.com/offender/platform/clock"
)
