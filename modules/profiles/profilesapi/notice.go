package profilesapi

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// NoticeKind is a kind of news that a member can switch off in his settings.
type NoticeKind string

// The kinds of notices.
const (
	NoticeOutbid    NoticeKind = "outbid"    // somebody else leads since
	NoticeWon       NoticeKind = "won"       // a listing was won
	NoticeLost      NoticeKind = "lost"      // a listing on which one bid went to somebody else, or to nobody
	NoticeSold      NoticeKind = "sold"      // an own listing has a winner
	NoticeUnsold    NoticeKind = "unsold"    // an own listing has ended without
	NoticeCancelled NoticeKind = "cancelled" // a listing, or bids on it, were called off
	NoticeEndsSoon  NoticeKind = "ends_soon" // a watched listing does
	NoticeSale      NoticeKind = "sale"      // steps after the sale, and reminders of them
	NoticeIssue     NoticeKind = "issue"     // news of an issue in which one takes part
	NoticeAssigned  NoticeKind = "assigned"  // somebody else gave one an issue to work on
	NoticeNewSignIn NoticeKind = "new_sign_in"
)

// Notice is news for one member: an entry in the list of his notices, and a mail. In his settings he can switch off either
// for each kind.
type Notice struct {
	// ID identifies the news. It is made of what happened, so that telling it again is noticed.
	ID uuid.UUID
	// Member is who is told.
	Member uuid.UUID
	// Kind is what it is about.
	Kind NoticeKind
	// Subject is one line of plain text, Text some sentences of it, in paragraphs parted by empty lines. They hold nothing
	// that must not be read over a shoulder: no maximum, no reserve, no internal note. Of a subject 200 characters are kept, of
	// a text 4,000; what cannot be seen is left out.
	Subject, Text string
	// About is the listing or the issue; zero for neither. Path is its page on this site, such as "/listings/…"; empty for none.
	About uuid.UUID
	Path  string
	// At is when it happened, UTC. News that is older than notices are kept (members.notices.keep) is not told any more.
	At time.Time
	// MailAt is when the mail leaves; zero is at once. Until then the same news can be told again in other words: give the
	// news of one minute the same id and the minute's end, and one mail with the last of them leaves. What is told only when
	// that mail was tried, and happened later, is a notice of its own, whose mail leaves at once.
	MailAt time.Time
	// Undoes says that this is the contrary of what was told last with the same id, as of a mark that is set and taken back. If
	// the member can know neither by mail nor by his list of that one, it is forgotten, and this is not told: all is as it was
	// before. It is for news that is told in the unit of work in which it happens, and so never twice.
	Undoes bool
}

// Notices brings news to members. Call it inside a unit of work: the notices are there if and only if it commits.
type Notices interface {
	// Notify adds the notices. One whose id is there already replaces the words of that one, which is unread again then, as
	// long as its mail was not tried and it does not tell something earlier; otherwise it changes nothing, except for later
	// news with a MailAt, which is then a notice of its own. A mail does not
	// become due later by that. Who is no active member, or wants neither mail nor entry of the kind, is told nothing; that is
	// no error. It costs two queries, however many notices there are. Errors: uow.ErrNoUnit, uow.ErrEnded, a notice that is
	// none or another member's, or what the store reports.
	Notify(ctx context.Context, notices ...Notice) error
}
