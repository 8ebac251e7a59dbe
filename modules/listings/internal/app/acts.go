package app

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/audit"
)

// The acts of moderators, as the audit log names them.
const (
	ActFreeze     = "listings.freeze"
	ActUnfreeze   = "listings.unfreeze"
	ActCancel     = "listings.cancel"
	ActCancelBids = "listings.cancel_bids"
)

var actOf = map[domain.EventKind]string{
	domain.KindFrozen:        ActFreeze,
	domain.KindUnfrozen:      ActUnfreeze,
	domain.KindCancelled:     ActCancel,
	domain.KindBidsCancelled: ActCancelBids,
}

// lineBreaks makes one line of a reason, as the audit log wants it; the listing's log keeps it as it was written.
var lineBreaks = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ")

// record writes what a moderator has just done to the listing into the audit log, in the same unit of work. What people
// do with their own listings is not recorded there, even if they are moderators and could do it to everybody's. Errors:
// what the audit log reports.
func (m *Market) record(ctx context.Context, listing *domain.Listing) error {
	e, appended := listing.Appended()
	if m.acts == nil || !appended || e.Role != domain.RoleModerator {
		return nil
	}
	entry := audit.Entry{
		At:     e.At,
		Actor:  e.Sealed.Actor,
		Act:    actOf[e.Kind],
		Target: e.Listing,
		Reason: lineBreaks.Replace(e.Sealed.Text),
	}
	if e.Sealed.Bidder != uuid.Nil {
		entry.Detail = "bidder " + e.Sealed.Bidder.String()
	}
	return m.acts.Record(ctx, entry)
}
