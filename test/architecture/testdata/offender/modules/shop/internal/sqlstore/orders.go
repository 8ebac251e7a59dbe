// Package sqlstore may import sqlx, and nothing of another module.
package sqlstore

import (
	_ "example.com/offender/modules/stock"
	_ "github.com/jmoiron/sqlx"
)
