package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/events"
)

// ReportNonPayment makes an issue of every sale that is overdue, for the seller and about the buyer, with the listing's log
// as evidence; and tells there when it is marked paid after all, or not after all. It is a subscriber to events of listings.
type ReportNonPayment struct{ desk *Desk }

// NewReportNonPayment returns the use case.
func NewReportNonPayment(desk *Desk) *ReportNonPayment { return &ReportNonPayment{desk: desk} }

// nonPaymentID is the issue about a sale that is overdue: the same, however often it is heard of. Of an issue that has closed
// before the payment was taken back, it is the next one about the same sale.
func nonPaymentID(before uuid.UUID) uuid.UUID { return uuid.NewSHA1(before, []byte("non-payment")) }

// last returns the last issue about the sale. Errors: domain.ErrIssueNotFound if there is none; what the store reports.
func (u *ReportNonPayment) last(ctx context.Context, listing uuid.UUID) (*domain.Issue, error) {
	last, err := u.desk.issues.Get(ctx, nonPaymentID(listing))
	for err == nil {
		next, missing := u.desk.issues.Get(ctx, nonPaymentID(last.ID()))
		switch {
		case errors.Is(missing, domain.ErrIssueNotFound):
			return last, nil
		case missing != nil:
			return nil, missing
		}
		last = next
	}
	return nil, err
}

// Prepare reads what a published event is about, outside units of work, and returns what is done about it in one: the event is
// one of listingsapi.KindSaleOverdue, KindSalePaid and KindSaleUnpaid. It may come again. Errors: a payload that is none;
// domain.ErrInvalidSubject for a listing or a buyer that there is not; what the stores and readers report.
func (u *ReportNonPayment) Prepare(ctx context.Context, m events.Message) (handle func(context.Context) error, err error) {
	var e listingsapi.SaleEvent
	if err := json.Unmarshal(m.Payload, &e); err != nil {
		return nil, fmt.Errorf("read %s: %w", m.Kind, err)
	}
	if e.ListingID == uuid.Nil || e.SellerID == uuid.Nil || e.BuyerID == uuid.Nil {
		return nil, fmt.Errorf("read %s: who owes what to whom is not all there", m.Kind)
	}
	var do func(context.Context) error
	switch m.Kind {
	case listingsapi.KindSalePaid:
		do = func(ctx context.Context) error { return u.paid(ctx, e) }
	case listingsapi.KindSaleUnpaid:
		if e.OverdueAt == nil {
			do = func(context.Context) error { return nil }
			break
		}
		report, err := u.overdue(ctx, e)
		if err != nil {
			return nil, about(e, err)
		}
		do = func(ctx context.Context) error { return u.unpaid(ctx, e, report) }
	default:
		report, err := u.overdue(ctx, e)
		if err != nil {
			return nil, about(e, err)
		}
		do = func(ctx context.Context) error { return u.report(ctx, report, e.SellerID) }
	}
	return func(ctx context.Context) error { return about(e, do(ctx)) }, nil
}

// about says what went wrong with which sale.
func about(e listingsapi.SaleEvent, err error) error {
	if err != nil {
		return fmt.Errorf("report that listing %s is not paid: %w", e.ListingID, err)
	}
	return nil
}

// overdue returns the report of a sale that is not paid, with its evidence. Outside units of work.
func (u *ReportNonPayment) overdue(ctx context.Context, e listingsapi.SaleEvent) (domain.Report, error) {
	report, err := u.desk.report(ctx, Complaint{
		Title: "Not paid: " + e.Title,
		Text: fmt.Sprintf("%q was sold on %s for %s %s, to be paid by %s. It is not marked paid. "+
			"The house has reported this by itself, for the seller.",
			e.Title, e.SoldAt.UTC().Format(dayAndTime), e.Price, e.Currency, e.PayBy.UTC().Format(dayAndTime)),
		About: About{Listing: e.ListingID, Member: e.BuyerID},
	})
	report.ID = nonPaymentID(e.ListingID)
	return report, err
}

// report makes the issue unless it is there.
func (u *ReportNonPayment) report(ctx context.Context, r domain.Report, seller uuid.UUID) error {
	d := u.desk
	_, err := d.issues.Get(ctx, r.ID)
	if !errors.Is(err, domain.ErrIssueNotFound) {
		return err
	}
	issue, err := domain.ReportByMember(r, seller, d.targets, d.clock.Now())
	if err != nil {
		return err
	}
	return d.issues.Add(ctx, issue)
}

// paid tells in the issue, if there is one that is not over, that it is marked paid: the seller or a moderator did that, so
// the house says it.
func (u *ReportNonPayment) paid(ctx context.Context, e listingsapi.SaleEvent) error {
	if e.OverdueAt == nil {
		return nil
	}
	issue, err := u.last(ctx, e.ListingID)
	if err == nil {
		err = issue.Inform("The sale has been marked paid on "+e.At.UTC().Format(dayAndTime)+".", u.desk.clock.Now())
	}
	if errors.Is(err, domain.ErrIssueNotFound) || errors.Is(err, domain.ErrTransition) {
		return nil
	}
	return err
}

// unpaid tells in the last issue, if there is one, that it is not paid after all, and reopens what was resolved: the clock of
// the sale finds it overdue no second time. If the issue had closed by then, a new one is reported; what staff have rejected or
// merged stays so.
func (u *ReportNonPayment) unpaid(ctx context.Context, e listingsapi.SaleEvent, again domain.Report) error {
	issue, err := u.last(ctx, e.ListingID)
	if errors.Is(err, domain.ErrIssueNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := u.desk.clock.Now()
	text := "On " + e.At.UTC().Format(dayAndTime) + " it was taken back that the sale is paid. It is not."
	err = issue.Recall(text, now)
	if errors.Is(err, domain.ErrTransition) {
		err = issue.Inform(text, now)
	}
	if !errors.Is(err, domain.ErrTransition) {
		return err
	}
	// An event from before the close has been told of already, when the issue was not closed.
	if s := issue.State(); s.Phase().At(now) == domain.StateClosed && e.At.After(s.EndAt(now)) {
		again.ID = nonPaymentID(issue.ID())
		return u.report(ctx, again, e.SellerID)
	}
	return nil
}

// dayAndTime is how an issue writes an instant, for readers who may be anywhere.
const dayAndTime = "2 January 2006, 15:04 UTC"
