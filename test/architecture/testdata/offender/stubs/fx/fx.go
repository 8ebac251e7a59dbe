// Package fx stands in for the real one, so that this module needs no network.
package fx
