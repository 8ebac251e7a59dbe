// Package domain holds the rules of auctions, "classic-1": what a listing is, what may be done to it by whom and when,
// what it costs, and the log that proves it.
//
// [Listing] is the aggregate. A command is a method that takes who commands, under which command id, and the present
// instant; it checks, then appends one [Event] to the listing's log, or answers with a fault and changes nothing. The
// same function that a command uses to apply its event rebuilds a listing from its log ([Replay]), so that state and
// log cannot drift apart. Placing a bid looks at the two best bidders alone, however many there are.
//
// Amounts are int64 minor units of the listing's currency. Instants are UTC in whole microseconds. The package knows
// no SQL, JSON, HTTP, logger or clock.
package domain
