package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
)

// House is what new drafts take over from the auction house unless the seller says otherwise.
type House struct {
	// Currency is the code of the currency (ISO 4217).
	Currency string
	// Table names the increment table.
	Table string
	// Digits tells how many minor digits a currency has, and whether there is such a currency.
	Digits func(code string) (digits int, known bool)
	// TableOf returns the increment table of a name in a currency. Errors: domain.ErrInvalidIncrementTable.
	TableOf func(name string, currency domain.Currency) (domain.IncrementTable, error)
}

// CreateDraft begins a listing that only its seller sees.
type CreateDraft struct {
	market *Market
	house  House
}

// NewCreateDraft returns the use case.
func NewCreateDraft(market *Market, house House) *CreateDraft {
	return &CreateDraft{market: market, house: house}
}

// CreateDraftCommand asks for a draft.
type CreateDraftCommand struct {
	// ID is the new listing's; zero draws one.
	ID uuid.UUID
	// Seller owns it.
	Seller uuid.UUID
	// Currency is fixed from now on; empty is the house's.
	Currency string
	// Table names the increment table; empty is the house's.
	Table string
	// Content may be incomplete. Its Table is not used.
	Content domain.Content
	// Key makes the command safe to repeat.
	Key Key
}

// body tells commands under one key apart. A start is the same however it was written.
func (c CreateDraftCommand) body() any {
	startsAt := c.Content.StartsAt.UnixMicro()
	c.Content.StartsAt = time.Time{}
	return struct {
		Command  CreateDraftCommand
		StartsAt int64
	}{c, startsAt}
}

// Do creates the draft and returns its id. With a key that was accepted before it returns the id of then.
//
// Errors: ErrInvalidKey, domain.ErrIdempotencyConflict, domain.ErrInvalidCurrency, domain.ErrInvalidIncrementTable, those
// of domain.NewDraft, ErrListingExists, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *CreateDraft) Do(ctx context.Context, cmd CreateDraftCommand) (uuid.UUID, error) {
	asked := idempotency.Request{Member: cmd.Seller, Operation: "create listing", Key: string(cmd.Key), Body: cmd.body()}
	cmd, err := u.identified(cmd)
	if err != nil {
		return uuid.Nil, err
	}
	id, err := u.market.addDraft(ctx, asked, func(ctx context.Context) (uuid.UUID, error) {
		// Not before: a request that was accepted is answered as then, whatever the house has come to prefer meanwhile.
		cmd, currency, err := u.complete(cmd)
		if err != nil {
			return uuid.Nil, err
		}
		draft, err := domain.NewDraft(cmd.ID, cmd.Seller, currency, cmd.Content, u.market.clock.Now())
		if err != nil {
			return uuid.Nil, err
		}
		return cmd.ID, addNew(ctx, u.market.listings, draft)
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("create listing %s: %w", cmd.ID, err)
	}
	return id, nil
}

// addNew adds a listing whose id the client may have chosen. Errors: ErrListingExists, also where the unit itself has seen
// the id before: when it runs again, it knows what another unit has added meanwhile.
func addNew(ctx context.Context, listings domain.Repository, draft *domain.Listing) error {
	err := listings.Add(ctx, draft)
	if errors.Is(err, uow.ErrAlreadyAdded) {
		return fmt.Errorf("%w: %w", ErrListingExists, err)
	}
	return err
}

// identified draws an id where the client has chosen none.
func (u *CreateDraft) identified(cmd CreateDraftCommand) (CreateDraftCommand, error) {
	id, err := drawn(cmd.ID)
	cmd.ID = id
	return cmd, err
}

// complete fills in what the command left to the house.
func (u *CreateDraft) complete(cmd CreateDraftCommand) (CreateDraftCommand, domain.Currency, error) {
	currency, err := u.house.currency(cmd.Currency)
	if err != nil {
		return cmd, domain.Currency{}, err
	}
	cmd.Content.Table, err = u.house.table(cmd.Table, currency)
	return cmd, currency, err
}

func (h House) currency(code string) (domain.Currency, error) {
	if code == "" {
		code = h.Currency
	}
	digits, known := h.Digits(code)
	if !known {
		return domain.Currency{}, domain.ErrInvalidCurrency
	}
	return domain.NewCurrency(code, digits)
}

func (h House) table(name string, currency domain.Currency) (domain.IncrementTable, error) {
	if name == "" {
		name = h.Table
	}
	return h.TableOf(name, currency)
}

// DeleteDraft removes a draft. Nothing that was published is ever deleted.
type DeleteDraft struct{ market *Market }

// NewDeleteDraft returns the use case.
func NewDeleteDraft(market *Market) *DeleteDraft { return &DeleteDraft{market: market} }

// DeleteDraftCommand asks to delete a draft.
type DeleteDraftCommand struct {
	// Listing is the draft.
	Listing uuid.UUID
	// By is the seller.
	By domain.Actor
	// Version is the one that the seller has read; 0 is any.
	Version int64
}

// Do deletes the draft. Errors, the first that applies: domain.ErrListingNotFound, domain.ErrNotOwner,
// domain.ErrListingNotDraft, domain.ErrVersionMismatch; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *DeleteDraft) Do(ctx context.Context, cmd DeleteDraftCommand) error {
	listings := u.market.listings
	err := u.market.work.Do(ctx, func(ctx context.Context) error {
		listing, err := listings.Get(ctx, cmd.Listing)
		if err != nil {
			return err
		}
		if err := listing.CheckDelete(cmd.By); err != nil {
			return err
		}
		if cmd.Version != 0 && cmd.Version != listing.Version() {
			return domain.ErrVersionMismatch
		}
		return listings.Remove(ctx, cmd.Listing)
	}, listings.Loads(cmd.Listing))
	if err != nil {
		return fmt.Errorf("delete listing %s: %w", cmd.Listing, err)
	}
	return nil
}
