// Package domain imports what no domain may.
package domain

import (
	_ "database/sql"
	_ "encoding/json"

	_ "example.com/offender/platform/clock"
	_ "example.com/offender/platform/emailaddress"
)
