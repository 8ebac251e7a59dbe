package rest

import (
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// Summary is a listing in a list.
type Summary struct {
	ID          uuid.UUID           `json:"id" format:"uuid"`
	SellerID    uuid.UUID           `json:"seller_id" format:"uuid"`
	Title       string              `json:"title" doc:"Plain text in one line."`
	Status      string              `json:"status" enum:"draft,scheduled,open,sold,unsold_no_bids,unsold_reserve,cancelled"`
	Frozen      bool                `json:"frozen" doc:"A moderator has stopped the listing for now."`
	StartPrice  Money               `json:"start_price"`
	Price       Money               `json:"price"`
	NextMinimum Money               `json:"next_minimum" doc:"The least that anybody but the leader may bid."`
	BuyNow      *Money              `json:"buy_now,omitempty" doc:"The Buy It Now price; absent while the listing cannot be bought at once."`
	ReserveMet  bool                `json:"reserve_met" doc:"True also when there is no reserve."`
	BidCount    int64               `json:"bid_count" doc:"Bids ever accepted."`
	CreatedAt   httpserver.Instant  `json:"created_at"`
	StartsAt    *httpserver.Instant `json:"starts_at,omitempty"`
	EndsAt      *httpserver.Instant `json:"ends_at,omitempty" doc:"The present end, or the final one."`
}

func summaryOf(s app.ListingSummary) Summary {
	return Summary{
		ID:          s.ID,
		SellerID:    s.Seller,
		Title:       s.Title,
		Status:      string(s.Status),
		Frozen:      s.Frozen,
		StartPrice:  moneyOf(s.StartPrice),
		Price:       moneyOf(s.Price),
		NextMinimum: moneyOf(s.NextMinimum),
		BuyNow:      someMoney(s.BuyNow),
		ReserveMet:  s.ReserveMet,
		BidCount:    s.Bids,
		CreatedAt:   httpserver.Instant(s.CreatedAt),
		StartsAt:    httpserver.SomeInstant(s.StartsAt),
		EndsAt:      httpserver.SomeInstant(s.EndsAt),
	}
}

// Listing is one listing with all that its page shows.
type Listing struct {
	Summary

	Description     string         `json:"description"`
	Additions       []Addition     `json:"additions" doc:"What the seller appended to the description, oldest first."`
	Ruleset         string         `json:"ruleset" example:"classic-1" doc:"The rules that it is judged by."`
	IncrementTable  IncrementTable `json:"increment_table"`
	SoftClose       *SoftClose     `json:"soft_close,omitempty" doc:"How late bids move the end; absent when they do not."`
	DurationSeconds float64        `json:"duration_seconds" doc:"From start to end, as last published."`
	RelistedFrom    *uuid.UUID     `json:"relisted_from,omitempty" format:"uuid" doc:"The listing of which this is another try."`
	BuyNowPrice     *Money         `json:"buy_now_price,omitempty" doc:"The Buy It Now price, whether or not it is available now."`
	Reserve         *Money         `json:"reserve,omitempty" doc:"The hidden reserve of a draft, for its seller; absent ever after."`
	Leader          string         `json:"leader,omitempty" doc:"The leader's alias."`
	LeaderID        *uuid.UUID     `json:"leader_id,omitempty" format:"uuid" doc:"The leader; absent but for the seller, moderators and himself."`
	Winner          string         `json:"winner,omitempty" doc:"The winner's alias."`
	WinnerID        *uuid.UUID     `json:"winner_id,omitempty" format:"uuid" doc:"The winner; absent but for the seller, moderators and himself."`
	FinalPrice      *Money         `json:"final_price,omitempty" doc:"What the winner pays."`
	Log             LogHead        `json:"log"`
}

// Addition is a dated text that was appended to a description.
type Addition struct {
	At   httpserver.Instant `json:"at"`
	Text string             `json:"text"`
}

// IncrementTable says by how much the price rises.
type IncrementTable struct {
	Name string         `json:"name"`
	Rows []IncrementRow `json:"rows"`
}

// IncrementRow is the increment from a price on.
type IncrementRow struct {
	From      Money `json:"from"`
	Increment Money `json:"increment"`
}

// SoftClose says how late bids move the end.
type SoftClose struct {
	WindowSeconds    float64 `json:"window_seconds" minimum:"0" maximum:"1000000000" doc:"A bid so close to the end moves it,"`
	ExtensionSeconds float64 `json:"extension_seconds" minimum:"0" maximum:"1000000000" doc:"to so long after the bid,"`
	CapSeconds       float64 `json:"cap_seconds" minimum:"0" maximum:"1000000000" doc:"but never further than this beyond the published end."`
}

// LogHead is the end of the listing's log.
type LogHead struct {
	Events int64  `json:"events" doc:"How many events it has."`
	Hash   string `json:"hash,omitempty" doc:"The hash of the last one, in hexadecimal."`
}

func listingOf(r app.ListingRecord) Listing {
	return Listing{
		Summary:         summaryOf(r.ListingSummary),
		Description:     r.Description,
		Additions:       additionsOf(r.Additions),
		Ruleset:         r.Ruleset,
		IncrementTable:  tableOf(r.Table, r.Price.Currency),
		SoftClose:       softCloseOf(r.SoftClose),
		DurationSeconds: r.Duration.Seconds(),
		RelistedFrom:    httpserver.SomeID(r.RelistedFrom),
		BuyNowPrice:     someMoney(r.BuyNowPrice),
		Reserve:         someMoney(r.Reserve),
		Leader:          r.Leader.String(),
		LeaderID:        httpserver.SomeID(r.LeaderID),
		Winner:          r.Winner.String(),
		WinnerID:        httpserver.SomeID(r.WinnerID),
		FinalPrice:      someMoney(r.FinalPrice),
		Log:             logHeadOf(r.Head),
	}
}

func additionsOf(additions []domain.Addition) []Addition {
	all := make([]Addition, len(additions))
	for i, a := range additions {
		all[i] = Addition{At: httpserver.Instant(a.At), Text: a.Text}
	}
	return all
}

func tableOf(t domain.IncrementTable, c domain.Currency) IncrementTable {
	table := IncrementTable{Name: t.Name(), Rows: []IncrementRow{}}
	for _, row := range t.Rows() {
		table.Rows = append(table.Rows, IncrementRow{From: moneyOf(c.Money(row.From)), Increment: moneyOf(c.Money(row.Increment))})
	}
	return table
}

func softCloseOf(s domain.SoftClose) *SoftClose {
	if s == (domain.SoftClose{}) {
		return nil
	}
	return &SoftClose{
		WindowSeconds:    s.Window.Seconds(),
		ExtensionSeconds: s.Extension.Seconds(),
		CapSeconds:       s.Cap.Seconds(),
	}
}

func logHeadOf(h domain.Head) LogHead {
	if h.Seq == 0 {
		return LogHead{}
	}
	return LogHead{Events: h.Seq, Hash: h.Hash.String()}
}
