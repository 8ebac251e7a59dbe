package oracle_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
	"github.com/gavelhq/gavel/platform/clock"
	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	platformmemory "github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// TestUseCasesKeepTheRules plays a sample of the histories through the use cases over the stores in memory: what the
// domain does right must not be lost between units of work, repositories, keys and views.
func TestUseCasesKeepTheRules(t *testing.T) {
	t.Parallel()

	const count = 500
	total, found := playAll(number(t, "TEST_HISTORIES_SEED", 1), count, newHouse)
	if found != nil {
		require.FailNow(t, "shrunk", "%v", oracle.Shrink(found.History, newHouse))
	}
	require.Equal(t, count, total.Histories)
}

// house is the product's use cases as a subject.
type house struct {
	clock   *dial
	bidders *guests
	tables  map[string]domain.IncrementTable
	keys    int
	outbox  *eventsmemory.Outbox
	ledger  app.Ledger
	views   app.Views

	create   *app.CreateDraft
	discard  *app.DeleteDraft
	publish  *app.PublishListing
	edit     *app.EditListing
	describe *app.AppendDescription
	bid      *app.PlaceBid
	buy      *app.BuyNow
	retract  *app.RetractBids
	cancel   *app.CancelBids
	callOff  *app.CancelListing
	freeze   *app.FreezeListing
	unfreeze *app.UnfreezeListing
	keepTime *app.KeepTime
	verify   *app.VerifyLogs
}

// dial is a clock that shows what it was set to, backwards too.
type dial struct{ clock.Fixed }

func (d *dial) set(at int64) { d.Fixed = clock.NewFixed(instant(at)) }

// guests is who may not bid at the moment.
type guests struct{ refused uuid.UUID }

func (g *guests) MayBid(_ context.Context, member, _ uuid.UUID) error {
	if member == g.refused {
		return domain.ErrBidderNotEligible
	}
	return nil
}

func newHouse() oracle.Subject {
	db := platformmemory.NewDatabase()
	store := memory.NewStore(db)
	h := &house{
		clock:   &dial{},
		bidders: &guests{},
		tables:  map[string]domain.IncrementTable{},
		outbox:  eventsmemory.NewOutbox(db),
		ledger:  memory.NewLedger(store),
		views:   memory.NewViews(store),
	}
	listings := memory.NewListings(store, app.Message)
	market := app.NewMarket(uow.New(h.outbox, uow.Settings{}), listings, h.clock)
	rules := app.House{
		Digits:  func(code string) (int, bool) { n, known := digits[code]; return n, known },
		TableOf: func(name string, _ domain.Currency) (domain.IncrementTable, error) { return h.tables[name], nil },
	}
	h.create, h.discard = app.NewCreateDraft(market, rules), app.NewDeleteDraft(market)
	h.publish, h.edit = app.NewPublishListing(market, app.Everyone{}, rand.Reader), app.NewEditListing(market, rules)
	h.describe = app.NewAppendDescription(market)
	h.bid, h.buy = app.NewPlaceBid(market, h.bidders), app.NewBuyNow(market, h.bidders)
	h.retract = app.NewRetractBids(market, memory.NewAllowances(db))
	h.cancel, h.callOff = app.NewCancelBids(market), app.NewCancelListing(market)
	h.freeze, h.unfreeze = app.NewFreezeListing(market), app.NewUnfreezeListing(market)
	h.keepTime = app.NewKeepTime(market, memory.NewSchedule(store))
	h.verify = app.NewVerifyLogs(h.ledger)
	return h
}

// Do asks the use case twice under one key: the second answer must be the first if that was accepted, and what the rules
// say to the same request once more if it was refused, which is the same again.
func (h *house) Do(c oracle.Command) (oracle.Answer, error) {
	h.clock.set(c.At)
	h.bidders.refused = uuid.Nil
	if c.Ineligible {
		h.bidders.refused = memberID(c.Actor)
	}
	h.keys++
	first, err := h.ask(c)
	if err != nil || c.Kind != oracle.Bid {
		return first, err
	}
	second, err := h.ask(c)
	if err == nil && second != first {
		err = fmt.Errorf("asked again: %+v after %+v", second, first)
	}
	return first, err
}

func (h *house) ask(c oracle.Command) (oracle.Answer, error) {
	answer, err := h.dispatch(context.Background(), c)
	if err != nil {
		return refusal(err)
	}
	return answer, nil
}

func (h *house) dispatch(ctx context.Context, c oracle.Command) (oracle.Answer, error) {
	const reason = "There is a reason."
	listing, by := listingID(c.Listing), actorOf(c)
	key := app.Key(strconv.Itoa(h.keys))
	done := oracle.Answer{Result: oracle.Done}
	switch c.Kind {
	case oracle.Publish:
		return done, h.offer(ctx, c)
	case oracle.Edit:
		content, _, err := contentOf(c.Terms, c.At)
		if err != nil {
			return done, err
		}
		return done, h.edit.Do(ctx, app.EditListingCommand{Listing: listing, By: by, Content: content})
	case oracle.Append:
		return done, h.describe.Do(ctx, app.AppendDescriptionCommand{Listing: listing, By: by, Text: "New.", Key: key})
	case oracle.Bid:
		answer, err := h.bid.Do(ctx, app.PlaceBidCommand{
			Listing: listing,
			Bidder:  by.ID,
			Maximum: domain.Offer{Amount: c.Amount, Currency: c.Currency},
			Key:     key,
		})
		return answerOf(answer), err
	case oracle.BuyNow:
		_, err := h.buy.Do(ctx, app.BuyNowCommand{Listing: listing, Buyer: by.ID, Key: key})
		return oracle.Answer{Result: oracle.Bought}, err
	case oracle.Retract:
		_, err := h.retract.Do(ctx, app.RetractBidsCommand{
			Listing: listing, Bidder: by.ID, Reason: domain.ReasonDescriptionChanged, Key: key,
		})
		return oracle.Answer{Result: oracle.Retracted}, err
	case oracle.CancelBids:
		_, err := h.cancel.Do(ctx, app.CancelBidsCommand{
			Listing: listing, Bidder: memberID(c.Target), By: by, Reason: reason, Key: key,
		})
		return oracle.Answer{Result: oracle.Cancelled}, err
	case oracle.CancelListing:
		err := h.callOff.Do(ctx, app.CancelListingCommand{Listing: listing, By: by, Reason: reason, Key: key})
		return oracle.Answer{Result: oracle.Cancelled}, err
	case oracle.Freeze:
		return done, h.freeze.Do(ctx, app.FreezeListingCommand{Listing: listing, By: by, Reason: reason, Key: key})
	case oracle.Unfreeze:
		return done, h.unfreeze.Do(ctx, app.UnfreezeListingCommand{Listing: listing, By: by, Reason: reason, Key: key})
	case oracle.Tick:
		_, err := h.keepTime.Do(ctx)
		return done, err
	default:
		return done, fmt.Errorf("no such command: %s", c.Kind)
	}
}

// offer publishes a draft that the seller has just made, which he discards again if it is refused; a listing that was
// published before is published again, in vain.
func (h *house) offer(ctx context.Context, c oracle.Command) error {
	publish := app.PublishListingCommand{Listing: listingID(c.Listing), By: actorOf(c)}
	if _, err := h.ledger.State(ctx, publish.Listing); err == nil {
		return h.publish.Do(ctx, publish)
	}
	content, currency, err := contentOf(c.Terms, c.At)
	if err != nil {
		return err
	}
	table := content.Table.Name()
	h.tables[table] = content.Table
	_, err = h.create.Do(ctx, app.CreateDraftCommand{
		ID:       publish.Listing,
		Seller:   memberID(oracle.Seller),
		Currency: currency.Code,
		Table:    table,
		Content:  content,
	})
	if err != nil {
		return err
	}
	refused := h.publish.Do(ctx, publish)
	if refused == nil {
		return nil
	}
	seller := domain.Actor{ID: memberID(oracle.Seller)}
	if err := h.discard.Do(ctx, app.DeleteDraftCommand{Listing: publish.Listing, By: seller}); err != nil {
		return fmt.Errorf("discard the draft: %v", err) //nolint:errorlint // not to be taken for a refusal of the command
	}
	return refused
}

// View reads the listing's page, as a moderator sees it.
func (h *house) View(number int, at int64) (oracle.View, error) {
	ctx, id := context.Background(), listingID(number)
	stored, err := h.ledger.State(ctx, id)
	if errors.Is(err, domain.ErrListingNotFound) {
		return oracle.View{State: oracle.Draft}, nil
	}
	if err != nil {
		return oracle.View{}, err
	}
	now := instant(at)
	if now.Before(stored.Head.At) {
		now = stored.Head.At
	}
	record, err := h.views.Listing(ctx, id, domain.Actor{ID: memberID(oracle.Moderator), Moderator: true}, now)
	if err != nil {
		return oracle.View{}, err
	}
	return recordView(record, stored.Status.Final()), nil
}

// recordView is what a page shows; its outcome counts once it was closed.
func recordView(r app.ListingRecord, closed bool) oracle.View {
	view := oracle.View{
		State:     string(r.Status),
		Frozen:    r.Frozen,
		Events:    r.Head.Seq,
		LastEvent: r.Head.At.UnixMicro(),
	}
	if r.Status.Ended() {
		view.State = oracle.Ended
	}
	if closed {
		view.Outcome = oracle.Outcome{State: string(r.Status), Winner: memberName(r.WinnerID), Price: r.FinalPrice.Minor}
	}
	if r.Status.Final() {
		return view
	}
	view.Price, view.NextMinimum = r.Price.Minor, r.NextMinimum.Minor
	view.Leader, view.ReserveMet = memberName(r.LeaderID), r.ReserveMet
	view.BuyNowAvailable, view.Ends = r.BuyNow.Minor > 0, r.EndsAt.UnixMicro()
	return view
}

// Audit verifies every log, and that every event was announced.
func (h *house) Audit() error {
	verified, err := h.verify.Do(context.Background(), app.VerifyLogsQuery{})
	if err != nil {
		return err
	}
	if len(verified.Flaws) > 0 {
		return verified.Flaws[0]
	}
	if announced := int64(len(h.outbox.Messages())); announced != verified.Events {
		return fmt.Errorf("%d messages of %d events", announced, verified.Events)
	}
	return nil
}

var _ clock.Clock = (*dial)(nil)

var _ app.Bidders = (*guests)(nil)
