package events

// Witness is somebody who wants to hear early, on every server, what has happened on any of them, and to whom it does not
// matter to hear all of it. What must not be missed is for a Subscriber.
type Witness struct {
	// Name is for people.
	Name string
	// Heard is called with events that a carrier brings, each of them some time after its commit, perhaps more than once, in
	// disorder, and for some or all of them never. It must not wait.
	Heard func(m Message)
}
