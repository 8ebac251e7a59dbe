package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/events"
)

// biddersAtOnce is how many bidders are looked at in one unit of work, and told.
const biddersAtOnce = 100

// TellMarket brings news of the market to those whom it is about: who was outbid, has won or lost, has sold or not, and
// whose listing or bids were cancelled.
//
// It does so in the unit of work in which the event is handled, which bids do not wait for. Of a listing that has ended, the
// first biddersAtOnce bidders are told there; if there are more, a domain.Telling is left for TellBidders, so that no unit
// grows with the number of bidders.
type TellMarket struct {
	roll     Roll
	tellings domain.Tellings
	notices  profilesapi.Notices
	words    Words
}

// NewTellMarket returns the use case.
func NewTellMarket(roll Roll, tellings domain.Tellings, notices profilesapi.Notices, words Words) *TellMarket {
	return &TellMarket{roll: roll, tellings: tellings, notices: notices, words: words}
}

// Do tells of one event, in the unit of work in ctx. Telling of it again tells nobody twice: notices are made of what
// happened. Errors: a payload that is none, or what the members or the store report.
func (u *TellMarket) Do(ctx context.Context, m events.Message) error {
	e, err := eventOf(m.Kind, m.Payload)
	if err != nil {
		return err
	}
	switch m.Kind {
	case listingsapi.KindBidPlaced, listingsapi.KindBidsRetracted, listingsapi.KindBidsCancelled:
		err = u.bidding(ctx, m.Kind, e)
	case listingsapi.KindBought, listingsapi.KindCancelled, listingsapi.KindClosed:
		err = u.ended(ctx, m, e)
	}
	if err != nil {
		return fmt.Errorf("tell of event %d of %s: %w", e.Seq, e.ListingID, err)
	}
	return nil
}

// eventOf returns what a payload says. Errors: it does not name what every event names.
func eventOf(kind string, payload []byte) (e listingsapi.Event, err error) {
	if err := json.Unmarshal(payload, &e); err != nil {
		return e, fmt.Errorf("read %s: %w", kind, err)
	}
	if e.ListingID == uuid.Nil || e.SellerID == uuid.Nil || e.Status == "" {
		return e, fmt.Errorf("read %s: it does not say what happened to which listing of whom", kind)
	}
	return e, nil
}

// bidding tells who has lost the lead to somebody, who has it back, and whose bids were cancelled.
func (u *TellMarket) bidding(ctx context.Context, kind string, e listingsapi.Event) error {
	var news []profilesapi.Notice
	before, leader := memberOf(e.FormerLeaderID), memberOf(e.LeaderID)
	if before != leader && before != uuid.Nil && kind == listingsapi.KindBidPlaced {
		news = append(news, u.words.outbid(e, before))
	}
	if before != leader && leader != uuid.Nil {
		again, err := u.roll.LostLead(ctx, e.ListingID, leader, e.Seq, minuteOf(e.At))
		if err != nil {
			return err
		}
		if again {
			news = append(news, u.words.leadsAgain(e, leader))
		}
	}
	if bidder := memberOf(e.BidderID); kind == listingsapi.KindBidsCancelled && bidder != memberOf(e.ActorID) {
		news = append(news, u.words.bidsCancelled(e, bidder))
	}
	return u.tell(ctx, news)
}

// ended tells the seller, the winner and the first bidders of a listing that is over.
func (u *TellMarket) ended(ctx context.Context, m events.Message, e listingsapi.Event) error {
	var news []profilesapi.Notice
	switch {
	case m.Kind == listingsapi.KindCancelled:
		if e.SellerID != memberOf(e.ActorID) {
			news = append(news, u.words.calledOff(e))
		}
	case e.Status == statusSold:
		news = append(news, u.words.sold(e), u.words.won(e, winnerOf(m.Kind, e)))
	default:
		news = append(news, u.words.unsold(e))
	}
	live, last, err := u.roll.Bidders(ctx, e.ListingID, uuid.Nil, biddersAtOnce)
	if err != nil {
		return err
	}
	if err := u.tell(ctx, append(news, u.newsFor(live, m.Kind, e)...)); err != nil || last == uuid.Nil {
		return err
	}
	return u.leave(ctx, m, last)
}

// leave leaves those behind the member to TellBidders.
func (u *TellMarket) leave(ctx context.Context, m events.Message, after uuid.UUID) error {
	telling, err := u.tellings.Get(ctx, m.Aggregate)
	switch {
	case errors.Is(err, domain.ErrRecordNotFound):
		return u.tellings.Add(ctx, domain.NewTelling(m.Aggregate, m.Kind, string(m.Payload), after))
	case err != nil:
		return err
	}
	telling.GoOn(after) // the event was handled before, and is told again from the beginning
	return nil
}

// newsFor returns the news for these bidders, but for who won or acted.
func (u *TellMarket) newsFor(live []uuid.UUID, kind string, e listingsapi.Event) (news []profilesapi.Notice) {
	for _, member := range live {
		switch {
		case kind == listingsapi.KindCancelled:
			if member != memberOf(e.ActorID) {
				news = append(news, u.words.calledOffBidder(e, member))
			}
		case member != winnerOf(kind, e):
			news = append(news, u.words.lost(e, member))
		}
	}
	return news
}

func (u *TellMarket) tell(ctx context.Context, news []profilesapi.Notice) error {
	if len(news) == 0 {
		return nil
	}
	return u.notices.Notify(ctx, news...)
}

// winnerOf returns who has won; zero for nobody.
func winnerOf(kind string, e listingsapi.Event) uuid.UUID {
	switch {
	case e.Status != statusSold:
		return uuid.Nil
	case kind == listingsapi.KindBought:
		return memberOf(e.BidderID)
	default:
		return memberOf(e.LeaderID)
	}
}

// memberOf returns uuid.Nil for nobody.
func memberOf(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}
