package app

import "github.com/gavelhq/gavel/platform/fault"

// ErrListingExists is what every store of listings answers, when the unit commits, to adding one under an id that is
// taken. Clients may choose ids, so it is a refusal and not a mistake of ours.
var ErrListingExists = fault.New(fault.Conflict, "listing_exists", "There is a listing with this id already. Choose another id.")

// ErrDraftDeleted answers a command that is repeated under its key when the draft that it made is gone: it was accepted, and
// is not done again.
var ErrDraftDeleted = fault.New(fault.Conflict, "draft_deleted",
	"This request was accepted before, and the draft that it made has been deleted since. Use a new key to begin another one.")
