// Package stockapi is here to be imported by a test of the platform.
package stockapi
