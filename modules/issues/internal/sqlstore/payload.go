package sqlstore

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// details are what an event tells beside its text, as the JSON of the column details; NULL if there is nothing.
type details struct {
	Category   domain.Category        `json:"category,omitempty"`
	Priority   domain.Priority        `json:"priority,omitempty"`
	Awaited    domain.AwaitedParty    `json:"awaited,omitempty"`
	Resolution domain.Resolution      `json:"resolution,omitempty"`
	Reason     domain.RejectionReason `json:"reason,omitempty"`
	Clock      domain.Clock           `json:"clock,omitempty"`
	// Member is the assignee or who was involved, FormerMember who worked on it before.
	Member       uuid.UUID `json:"member,omitzero"`
	FormerMember uuid.UUID `json:"former_member,omitzero"`
	// Former is the priority before.
	Former domain.Priority `json:"former,omitempty"`
	// Other is another issue.
	Other uuid.UUID `json:"other,omitzero"`
	// ClosesAt is in microseconds since 1970, Target in microseconds.
	ClosesAt int64 `json:"closes_at,omitempty"`
	Target   int64 `json:"target,omitempty"`
}

// set fills in what the payload tells. Errors: none that the rules allow.
func (r *eventRow) set(payload domain.Payload) error {
	var d details
	switch p := payload.(type) {
	case domain.Reported:
		r.Text, r.Evidence = p.Text, db.MaybeText(p.Evidence.Extract)
	case domain.Imported:
		r.Text = p.Text
	case domain.Triaged:
		d.Category, d.Priority, d.Former = p.Category, p.Priority, p.Former
	case domain.Picked:
		d.Member = p.Assignee
	case domain.Assigned:
		d.Member = p.Assignee
	case domain.Reassigned:
		d.FormerMember, d.Member = p.Former, p.Assignee
	case domain.Returned:
		d.FormerMember = p.Former
	case domain.Waiting:
		d.Awaited, r.Text = p.Awaited, p.Text
	case domain.Resumed:
		d.Awaited = p.Awaited
	case domain.Commented:
		r.Text = p.Text
	case domain.Noted:
		r.Text = p.Text
	case domain.Involved:
		d.Member = p.Member
	case domain.Linked:
		d.Other = p.Other
	case domain.Resolved:
		d.Resolution, r.Text, d.ClosesAt = p.Resolution, p.Text, p.ClosesAt.UnixMicro()
	case domain.Reopened:
		r.Text = p.Text
	case domain.Rejected:
		d.Reason, d.Other, r.Text = p.Reason, p.DuplicateOf, p.Text
	case domain.Duplicated:
		d.Other = p.Other
	case domain.Merged:
		d.Other, r.Text = p.Into, p.Text
	case domain.Absorbed:
		d.Other = p.Other
	case domain.ListingFrozen:
		r.Text = p.Reason
	case domain.ListingCancelled:
		r.Text = p.Reason
	case domain.Breached:
		d.Clock, d.Target = p.Clock, p.Target.Microseconds()
	}
	if d == (details{}) {
		return nil
	}
	column, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode details: %w", err)
	}
	r.Details = db.MaybeText(column)
	return nil
}

// payload returns what the row tells. Errors: db.ErrUnreadable for a kind, or details, that set did not write.
func (r eventRow) payload() (domain.Payload, error) {
	var d details
	if r.Details != "" {
		if err := json.Unmarshal([]byte(r.Details), &d); err != nil {
			return nil, fmt.Errorf("%w: decode details: %w", db.ErrUnreadable, err)
		}
	}
	restore, known := payloads[domain.EventKind(r.Kind)]
	if !known {
		return nil, fmt.Errorf("%w: an event of kind %q", db.ErrUnreadable, r.Kind)
	}
	return restore(r, d), nil
}

// payloads make the payload of each kind out of its row.
var payloads = map[domain.EventKind]func(r eventRow, d details) domain.Payload{
	domain.KindReported: func(r eventRow, _ details) domain.Payload {
		return domain.Reported{Text: r.Text, Evidence: domain.Evidence{Extract: string(r.Evidence)}}
	},
	domain.KindImported:  func(r eventRow, _ details) domain.Payload { return domain.Imported{Text: r.Text} },
	domain.KindConfirmed: func(eventRow, details) domain.Payload { return domain.Confirmed{} },
	domain.KindTriaged: func(_ eventRow, d details) domain.Payload {
		return domain.Triaged{Category: d.Category, Priority: d.Priority, Former: d.Former}
	},
	domain.KindPicked:   func(_ eventRow, d details) domain.Payload { return domain.Picked{Assignee: d.Member} },
	domain.KindAssigned: func(_ eventRow, d details) domain.Payload { return domain.Assigned{Assignee: d.Member} },
	domain.KindReassigned: func(_ eventRow, d details) domain.Payload {
		return domain.Reassigned{Former: d.FormerMember, Assignee: d.Member}
	},
	domain.KindReturned: func(_ eventRow, d details) domain.Payload { return domain.Returned{Former: d.FormerMember} },
	domain.KindWaiting: func(r eventRow, d details) domain.Payload {
		return domain.Waiting{Awaited: d.Awaited, Text: r.Text}
	},
	domain.KindResumed:   func(_ eventRow, d details) domain.Payload { return domain.Resumed{Awaited: d.Awaited} },
	domain.KindCommented: func(r eventRow, _ details) domain.Payload { return domain.Commented{Text: r.Text} },
	domain.KindNoted:     func(r eventRow, _ details) domain.Payload { return domain.Noted{Text: r.Text} },
	domain.KindInvolved:  func(_ eventRow, d details) domain.Payload { return domain.Involved{Member: d.Member} },
	domain.KindLinked:    func(_ eventRow, d details) domain.Payload { return domain.Linked{Other: d.Other} },
	domain.KindResolved: func(r eventRow, d details) domain.Payload {
		return domain.Resolved{Resolution: d.Resolution, Text: r.Text, ClosesAt: time.UnixMicro(d.ClosesAt).UTC()}
	},
	domain.KindReopened: func(r eventRow, _ details) domain.Payload { return domain.Reopened{Text: r.Text} },
	domain.KindRejected: func(r eventRow, d details) domain.Payload {
		return domain.Rejected{Reason: d.Reason, DuplicateOf: d.Other, Text: r.Text}
	},
	domain.KindDuplicated:       func(_ eventRow, d details) domain.Payload { return domain.Duplicated{Other: d.Other} },
	domain.KindMerged:           func(r eventRow, d details) domain.Payload { return domain.Merged{Into: d.Other, Text: r.Text} },
	domain.KindAbsorbed:         func(_ eventRow, d details) domain.Payload { return domain.Absorbed{Other: d.Other} },
	domain.KindClosed:           func(eventRow, details) domain.Payload { return domain.Closed{} },
	domain.KindListingFrozen:    func(r eventRow, _ details) domain.Payload { return domain.ListingFrozen{Reason: r.Text} },
	domain.KindListingCancelled: func(r eventRow, _ details) domain.Payload { return domain.ListingCancelled{Reason: r.Text} },
	domain.KindBreached: func(_ eventRow, d details) domain.Payload {
		return domain.Breached{Clock: d.Clock, Target: microseconds(d.Target)}
	},
}
