package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
)

// SaleDesk is what every command on a sale needs.
type SaleDesk struct {
	work     *uow.Work
	listings domain.Repository
	sales    domain.Sales
	terms    domain.SaleTerms
	notices  profilesapi.Notices
	words    Words
	acts     audit.Log
	answers  *idempotency.Keys
	clock    clock.Clock
}

// SaleDeskParts are what a SaleDesk is made of.
type SaleDeskParts struct {
	Work     *uow.Work
	Listings domain.Repository
	Sales    domain.Sales
	// Terms are those of sales that are opened from now on.
	Terms domain.SaleTerms
	// Notices tell the parties; nil where nobody is told.
	Notices profilesapi.Notices
	Words   Words
	Acts    audit.Log
	Answers *idempotency.Keys
	Clock   clock.Clock
}

// NewSaleDesk returns the desk.
func NewSaleDesk(p SaleDeskParts) *SaleDesk {
	return &SaleDesk{
		work: p.Work, listings: p.Listings, sales: p.Sales, terms: p.Terms, notices: p.Notices, words: p.Words, acts: p.Acts,
		answers: p.Answers, clock: p.Clock,
	}
}

// SaleCommand asks to mark something about a sale.
type SaleCommand struct {
	// Listing is the one that was sold.
	Listing uuid.UUID
	// By is who marks.
	By domain.Actor
	// Version is the one that he has read; 0 is any.
	Version int64
	// Key makes the command safe to repeat.
	Key Key
}

// mark is one thing that can be marked.
type mark struct {
	operation string // in the words of errors and keys
	act       string // of a moderator, as the audit log names it; empty where only the parties act
	do        func(sale *domain.Sale, now time.Time) (news bool, err error)
	// notice tells the other party; nil for nothing.
	notice func(sale domain.SaleState, now time.Time) profilesapi.Notice
}

// perform marks in a unit of work of its own. What is marked already stays and is told to nobody again, so that a mark that is
// repeated without a key does no harm.
func (d *SaleDesk) perform(ctx context.Context, cmd SaleCommand, m mark) error {
	asked := idempotency.Request{Member: cmd.By.ID, Operation: m.operation, Key: string(cmd.Key), Body: cmd.Listing}
	_, _, err := idempotency.InUnit(ctx, d.work, d.answers, asked, func(ctx context.Context) (nothing, error) {
		return nothing{}, d.mark(ctx, cmd, m)
	}, d.sales.Loads(cmd.Listing))
	if err != nil {
		return fmt.Errorf("%s %s: %w", m.operation, cmd.Listing, err)
	}
	return nil
}

func (d *SaleDesk) mark(ctx context.Context, cmd SaleCommand, m mark) error {
	now := d.clock.Now()
	sale, err := d.sale(ctx, cmd.Listing, now)
	if err != nil {
		return err
	}
	version := sale.Version()
	if err := sale.State().VisibleTo(cmd.By); err != nil {
		return err
	}
	if cmd.Version != 0 && cmd.Version != version {
		return domain.ErrSaleChanged
	}
	news, err := m.do(sale, now)
	if err != nil || !news {
		return err
	}
	state := sale.State()
	if m.act != "" && cmd.By.ID != state.Seller {
		if err := d.acts.Record(ctx, audit.Entry{At: now, Actor: cmd.By.ID, Act: m.act, Target: state.ID}); err != nil {
			return err
		}
	}
	if m.notice == nil {
		return nil
	}
	return d.tell(ctx, m.notice(state, now))
}

// sale returns the sale of the listing. One that the subscriber has not come to yet, or whose events are long forgotten, is
// opened here. Errors: domain.ErrSaleNotFound for a listing that is not sold; what the stores report.
func (d *SaleDesk) sale(ctx context.Context, id uuid.UUID, now time.Time) (*domain.Sale, error) {
	sale, err := d.sales.Get(ctx, id)
	if !errors.Is(err, domain.ErrSaleNotFound) {
		return sale, err
	}
	listing, err := d.listings.Peek(ctx, id)
	switch {
	case errors.Is(err, domain.ErrListingNotFound):
		return nil, domain.ErrSaleNotFound
	case err != nil:
		return nil, err
	}
	sale, err = domain.OpenSale(listing.State(), d.terms, now)
	if err != nil {
		return nil, err
	}
	return sale, d.sales.Add(ctx, sale)
}

// tell brings news to members, in the unit of work in ctx. Errors: what the notices report.
func (d *SaleDesk) tell(ctx context.Context, notices ...profilesapi.Notice) error {
	if d.notices == nil {
		return nil
	}
	return d.notices.Notify(ctx, notices...)
}
