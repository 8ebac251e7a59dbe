package contract

// subject is a store with what the cases do to it.
type subject struct {
	Store
}
