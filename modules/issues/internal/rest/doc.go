// Package rest answers requests for issues with JSON, under /api/v1. It receives, asks the use cases, and serialises; what
// anybody may do and see is decided by them and by the permission that each operation names.
//
// A visitor without an account shows the secret of the link that he was mailed in the header Issue-Link: what stands in an
// address is kept in logs and histories, and Authorization is for members' tokens. No cache keeps an answer, whoever asks.
package rest

// Where things are.
const (
	root       = "/api/v1"
	collection = root + "/issues"
	resource   = collection + "/{id}"
)

// tag is the heading under which the API's page shows the operations.
const tag = "Issues"

// noStore keeps an answer out of every cache.
const noStore = "no-store"
