// Package sqlx stands in for the real one, so that this module needs no network.
package sqlx
