package app

import (
	"context"
	"time"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// The acts of moderators on sales, as the audit log names them.
const (
	ActMarkPaid   = "listings.mark_paid"
	ActUnmarkPaid = "listings.unmark_paid"
)

// MarkPaid lets the seller say that the buyer has paid; a moderator may say it for him.
type MarkPaid struct{ desk *SaleDesk }

// NewMarkPaid returns the use case.
func NewMarkPaid(desk *SaleDesk) *MarkPaid { return &MarkPaid{desk: desk} }

// Do marks the sale paid; what is marked already stays. Errors: domain.ErrSaleNotFound, ErrSaleChanged, ErrNotSeller;
// idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *MarkPaid) Do(ctx context.Context, cmd SaleCommand) error {
	return u.desk.perform(ctx, cmd, mark{
		operation: "mark paid", act: ActMarkPaid, notice: u.desk.words.paid,
		do: func(sale *domain.Sale, now time.Time) (bool, error) { return sale.MarkPaid(cmd.By, now) },
	})
}

// UnmarkPaid takes a payment back that was marked by mistake.
type UnmarkPaid struct{ desk *SaleDesk }

// NewUnmarkPaid returns the use case.
func NewUnmarkPaid(desk *SaleDesk) *UnmarkPaid { return &UnmarkPaid{desk: desk} }

// Do takes the mark back; without one it changes nothing. Errors: as MarkPaid.Do; domain.ErrTooLateToUnmark.
func (u *UnmarkPaid) Do(ctx context.Context, cmd SaleCommand) error {
	return u.desk.perform(ctx, cmd, mark{
		operation: "unmark paid", act: ActUnmarkPaid, notice: u.desk.words.unpaid,
		do: func(sale *domain.Sale, now time.Time) (bool, error) { return sale.UnmarkPaid(cmd.By, now) },
	})
}

// MarkHandedOver lets the seller say that he has handed over or sent what he sold.
type MarkHandedOver struct{ desk *SaleDesk }

// NewMarkHandedOver returns the use case.
func NewMarkHandedOver(desk *SaleDesk) *MarkHandedOver { return &MarkHandedOver{desk: desk} }

// Do marks the sale handed over; what is marked already stays. Errors: as MarkPaid.Do.
func (u *MarkHandedOver) Do(ctx context.Context, cmd SaleCommand) error {
	return u.desk.perform(ctx, cmd, mark{
		operation: "mark handed over", notice: u.desk.words.handedOver,
		do: func(sale *domain.Sale, now time.Time) (bool, error) { return sale.MarkHandedOver(cmd.By, now) },
	})
}

// MarkReceived lets the buyer say that he has what he bought.
type MarkReceived struct{ desk *SaleDesk }

// NewMarkReceived returns the use case.
func NewMarkReceived(desk *SaleDesk) *MarkReceived { return &MarkReceived{desk: desk} }

// Do marks the sale received; what is marked already stays. Errors: as MarkPaid.Do, with domain.ErrNotBuyer in the place of
// ErrNotSeller.
func (u *MarkReceived) Do(ctx context.Context, cmd SaleCommand) error {
	return u.desk.perform(ctx, cmd, mark{
		operation: "mark received", notice: u.desk.words.received,
		do: func(sale *domain.Sale, now time.Time) (bool, error) { return sale.MarkReceived(cmd.By, now) },
	})
}
