// Package jobs runs what the clock starts: mailing notices.
package jobs
