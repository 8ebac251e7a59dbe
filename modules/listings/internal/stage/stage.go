// Package stage is where recorded and invented auctions are played: the module's own use cases over any store, on a clock
// that whoever directs the play moves, with listings opening and closing at their instants on the way.
package stage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/uow"
)

// Ports are what the use cases stand on.
type Ports struct {
	Work       *uow.Work
	Listings   domain.Repository
	Allowances domain.RetractionAllowances
	Views      app.Views
	Ledger     app.Ledger
	Schedule   app.Schedule
	// House decides what drafts take over.
	House app.House
	// Clock is the time on the stage, and nowhere else.
	Clock *clock.Virtual
}

// Stage offers every use case. Everyone may bid. One goroutine at a time directs it.
type Stage struct {
	CreateDraft    *app.CreateDraft
	EditListing    *app.EditListing
	PublishListing *app.PublishListing
	Describe       *app.AppendDescription
	PlaceBid       *app.PlaceBid
	BuyNow         *app.BuyNow
	RetractBids    *app.RetractBids
	CancelBids     *app.CancelBids
	CancelListing  *app.CancelListing
	Freeze         *app.FreezeListing
	Unfreeze       *app.UnfreezeListing
	Relist         *app.RelistListing
	VerifyLogs     *app.VerifyLogs
	Views          app.Views

	clock    *clock.Virtual
	keepTime *app.KeepTime
	next     time.Time // nothing is due before, as far as known; zero is unknown
}

// idle is a time at which nothing has to be looked for: whatever is planned later makes next unknown again.
var idle = time.Unix(1<<40, 0)

// New returns a stage on these ports.
func New(p Ports) *Stage {
	market := app.NewMarket(p.Work, p.Listings, p.Clock)
	return &Stage{
		CreateDraft:    app.NewCreateDraft(market, p.House),
		EditListing:    app.NewEditListing(market, p.House),
		PublishListing: app.NewPublishListing(market, app.Everyone{}, rand.Reader),
		Describe:       app.NewAppendDescription(market),
		PlaceBid:       app.NewPlaceBid(market, app.Everyone{}),
		BuyNow:         app.NewBuyNow(market, app.Everyone{}),
		RetractBids:    app.NewRetractBids(market, p.Allowances),
		CancelBids:     app.NewCancelBids(market),
		CancelListing:  app.NewCancelListing(market),
		Freeze:         app.NewFreezeListing(market),
		Unfreeze:       app.NewUnfreezeListing(market),
		Relist:         app.NewRelistListing(market),
		VerifyLogs:     app.NewVerifyLogs(p.Ledger),
		Views:          p.Views,
		clock:          p.Clock,
		keepTime:       app.NewKeepTime(market, p.Schedule),
	}
}

// Now returns the time on the stage.
func (s *Stage) Now() time.Time { return s.clock.Now() }

// Replan says that a listing may have to be opened or closed earlier than was known: after an edit or an unfreezing. A
// bid only ever moves an end to a later time.
func (s *Stage) Replan() { s.next = time.Time{} }

// Publish creates a draft and publishes it. Errors: those of app.CreateDraft and app.PublishListing.
func (s *Stage) Publish(ctx context.Context, draft app.CreateDraftCommand) (uuid.UUID, error) {
	id, err := s.CreateDraft.Do(ctx, draft)
	if err != nil {
		return uuid.Nil, err
	}
	s.Replan()
	return id, s.PublishListing.Do(ctx, app.PublishListingCommand{Listing: id, By: domain.Actor{ID: draft.Seller}})
}

// MoveTo moves the clock to the instant to. What is to be opened or closed on the way is, when the clock stands at its
// instant; what is due at the instant itself, too. The clock never goes back: an earlier instant only does what is due.
// Errors: those of app.KeepTime.
func (s *Stage) MoveTo(ctx context.Context, to time.Time) error {
	for {
		if err := s.plan(ctx); err != nil {
			return err
		}
		if s.next.After(to) {
			s.set(to)
			return nil
		}
		s.set(s.next)
		if err := s.keep(ctx); err != nil {
			return fmt.Errorf("open and close listings at %s: %w", s.Now().Format(time.RFC3339), err)
		}
	}
}

// errStuck is a mistake of ours: the schedule names a listing that the rules leave as it is.
var errStuck = errors.New("something is due, and nothing can be done")

// keep does what is due. That may be nothing, when a late bid has moved an end meanwhile.
func (s *Stage) keep(ctx context.Context) error {
	done, err := s.keepTime.Do(ctx)
	if err != nil {
		return err
	}
	s.Replan()
	if err := s.plan(ctx); err != nil {
		return err
	}
	if done == 0 && !s.next.After(s.Now()) {
		return errStuck
	}
	return nil
}

// plan finds out when something is due, unless that is known.
func (s *Stage) plan(ctx context.Context) error {
	if !s.next.IsZero() {
		return nil
	}
	next, planned, err := s.keepTime.Next(ctx)
	if err != nil {
		return fmt.Errorf("look for what is due: %w", err)
	}
	if s.next = next; !planned {
		s.next = idle
	}
	return nil
}

func (s *Stage) set(to time.Time) {
	if to.After(s.Now()) {
		s.clock.Set(to)
	}
}
