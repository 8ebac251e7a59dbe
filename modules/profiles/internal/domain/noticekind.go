package domain

// NoticeKind is a kind of news that a member may do without. Letters about the account itself are always sent.
type NoticeKind string

// The kinds.
const (
	NoticeOutbid    NoticeKind = "outbid"
	NoticeWon       NoticeKind = "won"
	NoticeLost      NoticeKind = "lost"
	NoticeSold      NoticeKind = "sold"
	NoticeUnsold    NoticeKind = "unsold"
	NoticeCancelled NoticeKind = "cancelled" // a listing, or bids on it
	NoticeEndsSoon  NoticeKind = "ends_soon" // a watched listing
	NoticeSale      NoticeKind = "sale"      // what follows a sale
	NoticeIssue     NoticeKind = "issue"     // news from the help desk
	NoticeAssigned  NoticeKind = "assigned"  // work for those who run it
	NoticeNewSignIn NoticeKind = "new_sign_in"
)

// NoticeKinds are all of them.
var NoticeKinds = []NoticeKind{
	NoticeOutbid, NoticeWon, NoticeLost, NoticeSold, NoticeUnsold, NoticeCancelled, NoticeEndsSoon, NoticeSale, NoticeIssue,
	NoticeAssigned, NoticeNewSignIn,
}

// Security reports whether the kind warns of somebody else in the member's account. Whoever reads a member's mail must not be
// able to end it: it is switched off by the member alone, in his settings, and by no link.
func (k NoticeKind) Security() bool { return k == NoticeNewSignIn }
