// Package domain holds the help desk: what an issue is, what may be done to it by whom and in which state, what the house
// owes the reporter by when, and who may see what of it.
//
// [Issue] is the aggregate. A command is a method that takes who commands and the present instant; it checks everything
// first, then appends events to the timeline, or answers with a fault and changes nothing. The aggregate is a head
// whose cost does not grow with its history: words, and what happened, are in the events ([Event]), which the store only
// ever appends.
//
// Time passes whether or not a job looks at the clock. Before a command does anything, the issue notes what was due until
// then, stamped with the instant at which it was due: a target that was missed ([Breached]), the closing of what was
// resolved ([Closed]). So the timeline is the same whenever the jobs run.
//
// Instants are UTC in whole microseconds. The package knows no SQL, JSON, HTTP, logger or clock.
package domain
