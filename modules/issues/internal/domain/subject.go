package domain

import "github.com/google/uuid"

// SubjectKind is what sort of thing an issue is about.
type SubjectKind string

// The kinds. An issue about nothing in particular has none.
const (
	SubjectNone    SubjectKind = ""
	SubjectListing SubjectKind = "listing"
	SubjectBid     SubjectKind = "bid"
	SubjectMember  SubjectKind = "member"
)

// Position is a place in a listing's log. The hash commits to everything before it.
type Position struct {
	// Seq is the number of events in the log, Hash the last one's.
	Seq  int64
	Hash Hash
}

// Subject is what an issue is about. The zero Subject is nothing in particular.
type Subject struct {
	// Kind says which of the fields count.
	Kind SubjectKind
	// Listing is the listing, that of the bid, or the one in connection with which a member is reported; zero without.
	Listing uuid.UUID
	// Bid is the bid's seq in the listing's log; 0 unless it is about a bid.
	Bid int64
	// Member is who is accused: the seller, the bidder, or the member himself.
	Member uuid.UUID
	// Position is where the listing's log stood when it was reported; zero without a listing.
	Position Position
}

// MaxExtract is the longest extract of a log, in bytes.
const MaxExtract = 256 << 10

// Evidence is an extract of the listing's log up to the subject's position, verified by whoever took it. The zero Evidence
// is none.
type Evidence struct {
	// Extract is a public log in the format of listings.
	Extract string
}

// valid reports whether the fields are those that the kind needs.
func (s Subject) valid() bool {
	placed := s.Listing != uuid.Nil && s.Position.Seq > 0 && s.Position.Hash != Hash{}
	unplaced := s.Listing == uuid.Nil && s.Position == Position{}
	switch s.Kind {
	case SubjectNone:
		return s == Subject{}
	case SubjectListing:
		return placed && s.Member != uuid.Nil && s.Bid == 0
	case SubjectBid:
		return placed && s.Member != uuid.Nil && s.Bid > 0 && s.Bid <= s.Position.Seq
	case SubjectMember:
		return (placed || unplaced) && s.Member != uuid.Nil && s.Bid == 0
	default:
		return false
	}
}

// validFor reports whether there is evidence exactly where there is a listing.
func (e Evidence) validFor(s Subject) bool {
	return (e.Extract != "") == (s.Listing != uuid.Nil) && len(e.Extract) <= MaxExtract
}

// For returns what the audience may know of the subject: who bids is known to staff alone.
func (s Subject) For(a Audience) Subject {
	if s.Kind == SubjectBid && a != AudienceStaff {
		s.Member = uuid.Nil
	}
	return s
}
