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

// Do does what a published event asks for, in the unit of work in ctx: one of listingsapi.KindSaleOverdue,
// KindSalePaid and KindSaleUnpaid. It may come again. Errors: a payload that is none; domain.ErrInvalidSubject for a listing or a
// buyer that there is not; what the stores and readers report.
func (u *ReportNonPayment) Do(ctx context.Context, m events.Message) error {
	var e listingsapi.SaleEvent
	if err := json.Unmarshal(m.Payload, &e); err != nil {
		return fmt.Errorf("read %s: %w", m.Kind, err)
	}
	if e.ListingID == uuid.Nil || e.SellerID == uuid.Nil || e.BuyerID == uuid.Nil {
		return fmt.Errorf("read %s: who owes what to whom is not all there", m.Kind)
	}
	do := u.report
	switch m.Kind {
	case listingsapi.KindSalePaid:
		do = u.paid
	case listingsapi.KindSaleUnpaid:
		do = u.unpaid
	}
	if err := do(ctx, e); err != nil {
		return fmt.Errorf("report that listing %s is not paid: %w", e.ListingID, err)
	}
	return nil
}

// report reports the issue unless it is there.
func (u *ReportNonPayment) report(ctx context.Context, e listingsapi.SaleEvent) error {
	d, id := u.desk, nonPaymentID(e.ListingID)
	_, err := d.issues.Get(ctx, id)
	if !errors.Is(err, domain.ErrIssueNotFound) {
		return err
	}
	report, err := d.report(ctx, Complaint{
		Title: "Not paid: " + e.Title,
		Text: fmt.Sprintf("%q was sold on %s for %s %s, to be paid by %s. It is not marked paid. "+
			"The house has reported this by itself, for the seller.",
			e.Title, e.SoldAt.UTC().Format(dayAndTime), e.Price, e.Currency, e.PayBy.UTC().Format(dayAndTime)),
		About: About{Listing: e.ListingID, Member: e.BuyerID},
	})
	if err != nil {
		return err
	}
	report.ID = id
	issue, err := domain.ReportByMember(report, e.SellerID, d.targets, d.clock.Now())
	if err != nil {
		return err
	}
	return d.issues.Add(ctx, issue)
}

// paid tells in the issue, if there is one that is not over, that the seller has marked it paid.
func (u *ReportNonPayment) paid(ctx context.Context, e listingsapi.SaleEvent) error {
	if e.OverdueAt == nil {
		return nil
	}
	issue, err := u.desk.issues.Get(ctx, nonPaymentID(e.ListingID))
	if err == nil {
		err = issue.Comment(domain.Actor{ID: e.SellerID}, "The sale has been marked paid on "+e.At.UTC().Format(dayAndTime)+".",
			u.desk.clock.Now())
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
	seller, now := domain.Actor{ID: e.SellerID}, u.desk.clock.Now()
	text := "On " + e.At.UTC().Format(dayAndTime) + " it was taken back that the sale is paid. It is not."
	err = issue.Reopen(seller, text, now)
	if errors.Is(err, domain.ErrTransition) {
		err = issue.Comment(seller, text, now)
	}
	if errors.Is(err, domain.ErrTransition) {
		return nil
	}
	return err
}

// dayAndTime is how an issue writes an instant, for readers who may be anywhere.
const dayAndTime = "2 January 2006, 15:04 UTC"
