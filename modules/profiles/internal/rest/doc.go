// Package rest answers requests for members and accounts with JSON, under /api/v1. It receives, asks the views and the use
// cases, and serialises; what anybody may see and do is decided by them and by the permission that each operation names.
//
// What would let somebody else in is never in an answer: sessions travel in cookies, and the text of an API token is shown
// once, when it was made.
package rest

// Where things are.
const (
	root    = "/api/v1"
	members = root + "/members"
	member  = members + "/{id}"
	me      = root + "/me"
)

// The headings under which the API's page shows the operations.
const (
	tagAccount        = "Account"
	tagMembers        = "Members"
	tagAdministration = "Administration"
)

// noStore keeps an answer out of every cache.
const noStore = "no-store"
