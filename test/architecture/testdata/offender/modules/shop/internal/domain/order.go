// Package domain imports what no domain may.
package domain

import (
	_ "database/sql"
	_ "encoding/json"
)
