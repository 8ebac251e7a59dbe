// Package delivery brings the events of the outbox to their subscribers: every event to each of them at least once, those
// of one aggregate in order, and with exactly one effect on the database.
//
// Events are committed in any order, so a Log first gives them numbers, in an order that agrees with that of every
// aggregate. A subscriber's progress is a Subscription, the number up to which it has got everything. An event is handled
// in a unit of work that also moves the Subscription on: both happen or neither. Two servers may try; the version of the
// Subscription lets only one of them succeed, and its holder keeps them from trying all the time.
//
// An event that a subscriber fails to handle is put aside as a Delivery, and the Subscription moves on. It is tried again
// after a while that doubles each time. Later events of the same aggregate wait behind it, those of others pass by. After
// its last try it is a dead letter: nothing waits for it any more, and it stays until somebody has it tried again.
package delivery
