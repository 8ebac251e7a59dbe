// Package shopapi completes a circle of modules that is none of packages.
package shopapi

// KindOrdered is the kind of an Event.
const KindOrdered = "shop.ordered.v1"

// Event is what shop publishes.
type Event struct{ Kind string }

// Orders is what shop answers to who asks.
type Orders interface{ Open() int }
