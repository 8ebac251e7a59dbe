// Package utils has a name that says nothing.
package utils

import _ "github.com/jmoiron/sqlx"
