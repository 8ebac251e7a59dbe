// Package issuesapi is all that other modules may know of the help desk: what it publishes, and what it lets callers do. It
// is a leaf: it imports no other module.
package issuesapi
