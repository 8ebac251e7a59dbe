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

// nonPaymentID is the issue about a sale that is overdue: the same, however often it is heard of.
func nonPaymentID(listing uuid.UUID) uuid.UUID { return uuid.NewSHA1(listing, []byte("non-payment")) }

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
		do = func(ctx context.Context) error { return u.unpaid(ctx, e) }
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
	issue, err := u.desk.issues.Get(ctx, nonPaymentID(e.ListingID))
	if err == nil {
		err = issue.Inform("The sale has been marked paid on "+e.At.UTC().Format(dayAndTime)+".", u.desk.clock.Now())
	}
	if errors.Is(err, domain.ErrIssueNotFound) || errors.Is(err, domain.ErrTransition) {
		return nil
	}
	return err
}

// unpaid tells in the issue, if there is one, that it is not paid after all, and reopens what was resolved: the clock of the
// sale finds it overdue no second time.
func (u *ReportNonPayment) unpaid(ctx context.Context, e listingsapi.SaleEvent) error {
	if e.OverdueAt == nil {
		return nil
	}
	issue, err := u.desk.issues.Get(ctx, nonPaymentID(e.ListingID))
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
	if errors.Is(err, domain.ErrTransition) {
		return nil
	}
	return err
}

// dayAndTime is how an issue writes an instant, for readers who may be anywhere.
const dayAndTime = "2 January 2006, 15:04 UTC"
