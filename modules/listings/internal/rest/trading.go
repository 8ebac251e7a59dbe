package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// registerTrading registers what bidders do.
func (a *api) registerTrading(routes huma.API) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "place-bid",
		Method:      http.MethodPost,
		Path:        resource + "/bids",
		Summary:     "Bid",
		Description: "Places a proxy bid: you name the most that you would pay, and the price rises only as far as it must. " +
			"The answer explains where the bid stands.",
		Tags:   []string{"Bids"},
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, listingsapi.Bid), a.bid)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "buy-listing",
		Method:      http.MethodPost,
		Path:        resource + "/buy-now",
		Summary:     "Buy at once",
		Description: "Ends the listing: you win at its Buy It Now price.",
		Tags:        []string{"Bids"},
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, listingsapi.Bid), a.buy)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "retract-bids",
		Method:      http.MethodPost,
		Path:        resource + "/retract",
		Summary:     "Retract your bids",
		Description: "With 12 hours or more to the end all your bids on the listing are taken back; later only the newest, and only " +
			"up to an hour after it was placed. At most 3 times in 30 days.",
		Tags:   []string{"Bids"},
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, listingsapi.Bid), a.retract)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "get-own-standing",
		Method:      http.MethodGet,
		Path:        resource + "/standing",
		Summary:     "Read where you stand",
		Description: "Says where your own bids on the listing stand, with your maximum, which nobody else is told.",
		Tags:        []string{"Bids"},
		Errors:      []int{http.StatusNotFound},
	}, listingsapi.Bid), a.standing)
}

// BidBody asks for a bid.
type BidBody struct {
	Maximum Money `json:"maximum" doc:"The most that you would pay, in the listing's currency."`
}

type bidInput struct {
	ListingPath
	httpserver.Repeatable
	Body BidBody
}

// BidAnswer says where a bid stands.
type BidAnswer struct {
	Result      string             `json:"result" enum:"leading,outbid" doc:"Whether you lead."`
	Why         string             `json:"why,omitempty" enum:"higher_maximum,earlier_equal_maximum,reserve_not_met" doc:"Explains the result; absent when you lead and would win."`
	Price       Money              `json:"price"`
	NextMinimum Money              `json:"next_minimum" doc:"The least that anybody but the leader may bid."`
	OwnMaximum  Money              `json:"own_maximum" doc:"What you bid."`
	ReserveMet  bool               `json:"reserve_met" doc:"True also when there is no reserve."`
	EndsAt      httpserver.Instant `json:"ends_at" doc:"The end, which a late bid may have moved."`
	Seq         int64              `json:"seq" doc:"The position of the bid in the listing's log."`
	PlacedAt    httpserver.Instant `json:"placed_at"`
}

type bidOutput struct{ Body BidAnswer }

func (a *api) bid(ctx context.Context, in *bidInput) (*bidOutput, error) {
	answer, err := a.PlaceBid.Do(ctx, app.PlaceBidCommand{
		Listing: in.ID, Bidder: viewer(ctx).ID, Maximum: in.Body.Maximum.offer(), Key: app.Key(in.IdempotencyKey),
	})
	if err != nil {
		return nil, err
	}
	return &bidOutput{Body: BidAnswer{
		Result:      string(answer.Result),
		Why:         string(answer.Why),
		Price:       moneyOf(answer.Price),
		NextMinimum: moneyOf(answer.NextMinimum),
		OwnMaximum:  moneyOf(answer.OwnMaximum),
		ReserveMet:  answer.ReserveMet,
		EndsAt:      httpserver.Instant(answer.EndsAt),
		Seq:         answer.Seq,
		PlacedAt:    httpserver.Instant(answer.At),
	}}, nil
}

type commandInput struct {
	ListingPath
	httpserver.Repeatable
}

// Purchase is what buying at once comes to.
type Purchase struct {
	Price  Money              `json:"price" doc:"What you pay."`
	EndsAt httpserver.Instant `json:"ends_at" doc:"When the listing ended, which is now."`
	Seq    int64              `json:"seq" doc:"The position of the purchase in the listing's log."`
}

type purchaseOutput struct{ Body Purchase }

func (a *api) buy(ctx context.Context, in *commandInput) (*purchaseOutput, error) {
	bought, err := a.BuyNow.Do(ctx, app.BuyNowCommand{Listing: in.ID, Buyer: viewer(ctx).ID, Key: app.Key(in.IdempotencyKey)})
	if err != nil {
		return nil, err
	}
	return &purchaseOutput{Body: Purchase{Price: moneyOf(bought.Price), EndsAt: httpserver.Instant(bought.EndsAt), Seq: bought.Seq}}, nil
}

// RetractBody asks for a retraction.
type RetractBody struct {
	Reason string `json:"reason" example:"wrong_amount" doc:"Shown publicly: wrong_amount, description_changed or seller_unreachable."`
}

type retractInput struct {
	ListingPath
	httpserver.Repeatable
	Body RetractBody
}

// Withdrawal says where a listing stands after bids were retracted or cancelled.
type Withdrawal struct {
	Bids        []int64            `json:"bids" doc:"The seqs of the bids that no longer count, rising."`
	Price       Money              `json:"price"`
	NextMinimum Money              `json:"next_minimum" doc:"The least that anybody but the leader may bid."`
	ReserveMet  bool               `json:"reserve_met" doc:"True also when there is no reserve."`
	EndsAt      httpserver.Instant `json:"ends_at" doc:"The end, which stays."`
	Seq         int64              `json:"seq" doc:"The position of the withdrawal in the listing's log."`
	At          httpserver.Instant `json:"at"`
}

type withdrawalOutput struct{ Body Withdrawal }

func withdrawalOf(w domain.Withdrawal) *withdrawalOutput {
	return &withdrawalOutput{Body: Withdrawal{
		Bids:        w.Bids,
		Price:       moneyOf(w.Price),
		NextMinimum: moneyOf(w.NextMinimum),
		ReserveMet:  w.ReserveMet,
		EndsAt:      httpserver.Instant(w.EndsAt),
		Seq:         w.Seq,
		At:          httpserver.Instant(w.At),
	}}
}

func (a *api) retract(ctx context.Context, in *retractInput) (*withdrawalOutput, error) {
	withdrawal, err := a.RetractBids.Do(ctx, app.RetractBidsCommand{
		Listing: in.ID, Bidder: viewer(ctx).ID, Reason: domain.RetractReason(in.Body.Reason), Key: app.Key(in.IdempotencyKey),
	})
	if err != nil {
		return nil, err
	}
	return withdrawalOf(withdrawal), nil
}

// Standing is where the caller's own bids on a listing stand.
type Standing struct {
	ListingID   uuid.UUID           `json:"listing_id" format:"uuid"`
	Status      string              `json:"status" enum:"draft,scheduled,open,sold,unsold_no_bids,unsold_reserve,cancelled" doc:"The listing's."`
	Bidder      string              `json:"bidder" doc:"Your alias on this listing; empty on a draft."`
	Result      string              `json:"result" enum:"none,leading,outbid,won,lost" doc:"How you stand; none without a bid that counts."`
	OwnMaximum  *Money              `json:"own_maximum,omitempty" doc:"The largest of your maxima that count; absent without one."`
	LiveBids    int                 `json:"live_bids" doc:"How many of your bids count."`
	Excluded    bool                `json:"excluded" doc:"Your bids were cancelled, so you may not bid on this listing again."`
	Price       Money               `json:"price"`
	NextMinimum Money               `json:"next_minimum" doc:"The least that anybody but the leader may bid."`
	ReserveMet  bool                `json:"reserve_met" doc:"True also when there is no reserve."`
	EndsAt      *httpserver.Instant `json:"ends_at,omitempty" doc:"The present end, or the final one."`
}

type standingOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Standing
}

func (a *api) standing(ctx context.Context, in *ListingPath) (*standingOutput, error) {
	own, err := a.OwnBids.Of(ctx, in.ID, viewer(ctx).ID)
	if err != nil {
		return nil, err
	}
	return &standingOutput{CacheControl: "no-store", Body: Standing{
		ListingID:   own.Summary.ID,
		Status:      string(own.Summary.Status),
		Bidder:      own.Bidder.String(),
		Result:      string(own.Result),
		OwnMaximum:  someMoney(own.Maximum),
		LiveBids:    own.LiveBids,
		Excluded:    own.Excluded,
		Price:       moneyOf(own.Summary.Price),
		NextMinimum: moneyOf(own.Summary.NextMinimum),
		ReserveMet:  own.Summary.ReserveMet,
		EndsAt:      httpserver.SomeInstant(own.Summary.EndsAt),
	}}, nil
}
