package rest

import (
	"cmp"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// Bid is one bid on a listing.
type Bid struct {
	Seq      int64              `json:"seq" doc:"Its position in the listing's log."`
	Bidder   string             `json:"bidder" doc:"The bidder's alias, which is his on this listing only."`
	BidderID *uuid.UUID         `json:"bidder_id,omitempty" format:"uuid" doc:"The bidder; absent but for the seller, moderators and himself."`
	PlacedAt httpserver.Instant `json:"placed_at"`
	Maximum  *Money             `json:"maximum,omitempty" doc:"What was bid; absent while it is secret."`
	Price    Money              `json:"price" doc:"The price after the bid."`
	Status   string             `json:"status" enum:"live,retracted,cancelled"`
	Reason   string             `json:"reason,omitempty" doc:"Why it was retracted or cancelled, where that is public."`
}

func bidOf(r app.BidRecord) Bid {
	return Bid{
		Seq:      r.Seq,
		Bidder:   r.Bidder.String(),
		BidderID: httpserver.SomeID(r.BidderID),
		PlacedAt: httpserver.Instant(r.At),
		Maximum:  someMoney(r.Maximum),
		Price:    moneyOf(r.Price),
		Status:   string(r.Standing),
		Reason:   cmp.Or(string(r.RetractReason), r.CancelReason),
	}
}
