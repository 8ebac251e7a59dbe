package app

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

// Complaint is what somebody reports, in his own words.
type Complaint struct {
	// Title is one line, Text may be empty.
	Title, Text string
	// About is what it is about; zero for nothing in particular.
	About About
}

// About names what an issue is about.
type About struct {
	// Listing is a listing, or the one of Bid.
	Listing uuid.UUID
	// Bid is a bid's seq in the listing's log; 0 for none.
	Bid int64
	// Member is who is reported; with Listing, in connection with that. Not together with Bid, whose member the log knows.
	Member uuid.UUID
}

// report makes a report of a complaint: what it is about is looked up, and evidence is taken. Errors:
// domain.ErrInvalidSubject for a listing, a bid or a member that there is not; what the readers report.
func (d *Desk) report(ctx context.Context, c Complaint) (domain.Report, error) {
	id, err := newID()
	if err != nil {
		return domain.Report{}, err
	}
	r := domain.Report{ID: id, Title: c.Title, Text: c.Text}
	if c.About.Member != uuid.Nil {
		if err := d.mustExist(ctx, c.About.Member, domain.ErrInvalidSubject); err != nil {
			return domain.Report{}, err
		}
	}
	switch {
	case c.About.Listing != uuid.Nil:
		r.Subject, r.Evidence, err = d.evidence(ctx, c.About)
	case c.About.Bid != 0:
		err = domain.ErrInvalidSubject
	case c.About.Member != uuid.Nil:
		r.Subject = domain.Subject{Kind: domain.SubjectMember, Member: c.About.Member}
	}
	return r, err
}

// evidence returns the subject of a report about a listing, a bid or a member in connection with it, and what the
// listing's log says. Errors: as report.
func (d *Desk) evidence(ctx context.Context, about About) (domain.Subject, domain.Evidence, error) {
	summary, err := d.listings.Summary(ctx, about.Listing)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return domain.Subject{}, domain.Evidence{}, domain.ErrInvalidSubject
	case err != nil:
		return domain.Subject{}, domain.Evidence{}, fmt.Errorf("look up listing %s: %w", about.Listing, err)
	}
	s := domain.Subject{
		Listing: about.Listing, Bid: about.Bid, Position: domain.Position{Seq: summary.LogSeq, Hash: summary.LogHash},
	}
	switch {
	case about.Bid != 0 && about.Member != uuid.Nil:
		return domain.Subject{}, domain.Evidence{}, domain.ErrInvalidSubject
	case about.Bid != 0:
		s.Kind = domain.SubjectBid
		s.Member, err = d.bidder(ctx, about)
	case about.Member != uuid.Nil:
		s.Kind, s.Member = domain.SubjectMember, about.Member
	default:
		s.Kind, s.Member = domain.SubjectListing, summary.Seller
	}
	if err != nil {
		return domain.Subject{}, domain.Evidence{}, err
	}
	extract, err := d.logs.Extract(ctx, about.Listing, s.Position)
	if err != nil {
		return domain.Subject{}, domain.Evidence{}, fmt.Errorf("take evidence of listing %s: %w", about.Listing, err)
	}
	return s, domain.Evidence{Extract: extract}, nil
}

func (d *Desk) bidder(ctx context.Context, about About) (uuid.UUID, error) {
	member, found, err := d.logs.Bidder(ctx, about.Listing, about.Bid)
	switch {
	case err != nil:
		return uuid.Nil, fmt.Errorf("look up bid %d on listing %s: %w", about.Bid, about.Listing, err)
	case !found:
		return uuid.Nil, domain.ErrInvalidSubject
	default:
		return member, nil
	}
}

// mustExist looks a member up. Errors: refusal when there is none, or what the directory reports.
func (d *Desk) mustExist(ctx context.Context, member uuid.UUID, refusal error) error {
	names, err := d.members.Names(ctx, []uuid.UUID{member})
	if err != nil {
		return fmt.Errorf("look up member %s: %w", member, err)
	}
	if _, found := names[member]; !found {
		return refusal
	}
	return nil
}
