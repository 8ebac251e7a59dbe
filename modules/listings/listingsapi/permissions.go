package listingsapi

import "github.com/gavelhq/gavel/platform/identity"

// What the module lets callers do; beyond that the rules of the market decide.
var (
	// Sell: create, edit, publish, cancel and relist own listings, and cancel bids on them.
	Sell = identity.NewPermission("listings.sell", "create, edit, publish, cancel and relist your listings", identity.Member)
	// Bid: bid, buy now and retract.
	Bid = identity.NewPermission("listings.bid", "bid, buy now and retract bids", identity.Member)
	// Watch: keep a watch list.
	Watch = identity.NewPermission("listings.watch", "see and change your watch list", identity.Member)
	// Settle: see one's sales and purchases, with the other party's contact, and mark them paid, handed over and received.
	Settle = identity.NewPermission("listings.settle", "see your sales and purchases with the other party's contact, and mark them paid, handed over and received", identity.Member)
	// Moderate: freeze, unfreeze and cancel anybody's listings, cancel bids, and see who bids.
	Moderate = identity.NewPermission("listings.moderate", "freeze and cancel listings, cancel bids and see who bids", identity.Moderator, identity.Admin)

	// Sheets: read the sheets of a house: what was sold, who bid, who has won, how he is reached and what he owes.
	Sheets = identity.NewPermission("listings.sheets", "read the sheets of lots, bids, winners and dues, with the winners' contacts", identity.Moderator, identity.Admin)
)
