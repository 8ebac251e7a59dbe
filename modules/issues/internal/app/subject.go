package app

import (
	"context"
	"errors"
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

// Nowhere names what cannot be: a report about it is refused with domain.ErrInvalidSubject.
var Nowhere = About{Bid: -1}

// named reports whether this can be the name of something, whether or not there is such a thing.
func (a About) named() bool { return a.Bid == 0 || a.Listing != uuid.Nil && a.Member == uuid.Nil }

// check refuses a complaint for what can be seen before it costs anything: its words, and what others, errors of the domain or
// nil, say about who complains. All that is wrong is told at once, so what is refused anyway has its subject looked up, too.
// Errors: those of domain.CheckWords; domain.ErrInvalidSubject; what the readers report.
func (d *Desk) check(ctx context.Context, c Complaint, others ...error) error {
	if !c.About.named() {
		return domain.CheckWords(c.Title, c.Text, append(others, domain.ErrInvalidSubject)...)
	}
	refused := domain.CheckWords(c.Title, c.Text, others...)
	if refused == nil {
		return nil
	}
	_, err := d.subject(ctx, c.About)
	switch {
	case errors.Is(err, domain.ErrInvalidSubject):
		return domain.CheckWords(c.Title, c.Text, append(others, err)...)
	case err != nil:
		return err
	default:
		return refused
	}
}

// report makes a report of a complaint that was checked: what it is about is looked up, and evidence is taken, which reads
// the whole log of a listing. Errors: domain.ErrInvalidSubject for a listing, a bid or a member that there is not; what the
// readers report.
func (d *Desk) report(ctx context.Context, c Complaint) (domain.Report, error) {
	id, err := newID()
	if err != nil {
		return domain.Report{}, err
	}
	r := domain.Report{ID: id, Title: c.Title, Text: c.Text}
	if r.Subject, err = d.subject(ctx, c.About); err != nil || r.Subject.Listing == uuid.Nil {
		return r, err
	}
	if r.Evidence.Extract, err = d.extracts.of(ctx, r.Subject.Listing, r.Subject.Position); err != nil {
		return domain.Report{}, fmt.Errorf("take evidence of listing %s: %w", r.Subject.Listing, err)
	}
	return r, nil
}

// subject looks up what a complaint is about: a row or two, as everybody may read them. Errors: domain.ErrInvalidSubject for
// what there is not; what the readers report.
func (d *Desk) subject(ctx context.Context, about About) (domain.Subject, error) {
	if !about.named() {
		return domain.Subject{}, domain.ErrInvalidSubject
	}
	if about.Member != uuid.Nil {
		if err := d.mustExist(ctx, about.Member, domain.ErrInvalidSubject); err != nil {
			return domain.Subject{}, err
		}
	}
	switch {
	case about.Listing != uuid.Nil:
		return d.inConnection(ctx, about)
	case about.Member != uuid.Nil:
		return domain.Subject{Kind: domain.SubjectMember, Member: about.Member}, nil
	default:
		return domain.Subject{}, nil
	}
}

// inConnection returns a listing, a bid on it, or a member in connection with it, as subject. Errors: as subject.
func (d *Desk) inConnection(ctx context.Context, about About) (domain.Subject, error) {
	summary, err := d.listings.Summary(ctx, about.Listing)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return domain.Subject{}, domain.ErrInvalidSubject
	case err != nil:
		return domain.Subject{}, fmt.Errorf("look up listing %s: %w", about.Listing, err)
	}
	s := domain.Subject{
		Listing: about.Listing, Bid: about.Bid, Position: domain.Position{Seq: summary.LogSeq, Hash: summary.LogHash},
	}
	switch {
	case about.Bid != 0:
		s.Kind = domain.SubjectBid
		s.Member, err = d.bidder(ctx, about)
	case about.Member != uuid.Nil:
		s.Kind, s.Member = domain.SubjectMember, about.Member
	default:
		s.Kind, s.Member = domain.SubjectListing, summary.Seller
	}
	if err != nil {
		return domain.Subject{}, err
	}
	return s, nil
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
