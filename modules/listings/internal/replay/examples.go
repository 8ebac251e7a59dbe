package replay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/stage"
)

// Examples plays histories on a stage, one after the other, and compares every step. Errors: a history that cannot be
// begun, what is no refusal by the rules, the context's.
func Examples(ctx context.Context, s *stage.Stage, histories *Histories, o Options) (*ExampleReport, error) {
	report := &ExampleReport{File: histories.File, Vectors: len(histories.Vectors), Differing: []Mismatch{}}
	began := o.Wall.Now()
	for i := range histories.Vectors {
		play := &example{stage: s, histories: histories, vector: histories.Vectors[i], number: i, report: report}
		if err := play.run(ctx); err != nil {
			return nil, fmt.Errorf("replay %s: vector %d (%s): %w", histories.File, i+1, play.vector.Name, err)
		}
		o.progress(i+1, len(histories.Vectors))
	}
	report.Took = o.Wall.Now().Sub(began)
	verified, err := s.VerifyLogs.Do(ctx, app.VerifyLogsQuery{})
	if err != nil {
		return nil, fmt.Errorf("replay %s: %w", histories.File, err)
	}
	for _, flaw := range verified.Flaws {
		report.Flaws = append(report.Flaws, flaw)
	}
	return report, nil
}

// example is one history on its way.
type example struct {
	stage     *stage.Stage
	histories *Histories
	vector    Vector
	number    int
	report    *ExampleReport

	listing uuid.UUID
	start   time.Time
	names   map[uuid.UUID]string // of its members
}

// theSeller is what histories call the seller.
const theSeller = "seller"

// member returns the id of somebody in this history, and nobody else's in any other.
func (e *example) member(name string) uuid.UUID {
	id := memberOf(fmt.Sprintf("history\n%d\n%s", e.number, name))
	e.names[id] = name
	return id
}

func (e *example) seller() domain.Actor { return domain.Actor{ID: e.member(theSeller)} }

func (e *example) offer(amount string) domain.Offer {
	if amount == "" {
		return domain.Offer{}
	}
	return domain.Offer{Amount: amount, Currency: e.histories.Currency}
}

func (e *example) run(ctx context.Context) error {
	e.names = map[uuid.UUID]string{}
	e.start = e.stage.Now()
	if err := e.publish(ctx); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	for i, step := range e.vector.Steps {
		if err := e.step(ctx, i+1, step); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return e.end(ctx)
}

func (e *example) publish(ctx context.Context) (err error) {
	e.listing, err = e.stage.Publish(ctx, app.CreateDraftCommand{
		ID:       listingOf(fmt.Sprintf("history\n%d", e.number)),
		Seller:   e.seller().ID,
		Currency: e.histories.Currency,
		Table:    e.histories.Table,
		Content: domain.Content{
			Title:      fmt.Sprintf("History %d", e.number+1),
			StartPrice: e.offer(e.vector.Start),
			Reserve:    e.offer(e.vector.Reserve),
			BuyNow:     e.offer(e.vector.BuyNow),
			Duration:   e.vector.Ends,
			SoftClose:  e.vector.SoftClose,
		},
	})
	return err
}

// step does one step and compares what comes of it.
func (e *example) step(ctx context.Context, number int, step Step) error {
	if err := e.stage.MoveTo(ctx, e.start.Add(step.At)); err != nil {
		return err
	}
	result, err := e.do(ctx, step)
	if err != nil {
		return err
	}
	record, err := e.view(ctx)
	if err != nil {
		return err
	}
	found := differences{vector: e.vector.Name, step: number}
	found.compare("result", step.Result, result)
	if step.View == nil || record.Status != domain.StatusOpen {
		found.compare("open", step.View != nil, record.Status == domain.StatusOpen)
	} else {
		e.compare(&found, *step.View, record)
	}
	e.report.add(found.all)
	return nil
}

// view is the listing as its seller sees it, who may know who leads.
func (e *example) view(ctx context.Context) (app.ListingRecord, error) {
	return e.stage.Views.Listing(ctx, e.listing, e.seller(), e.stage.Now())
}

func (e *example) compare(found *differences, want View, got app.ListingRecord) {
	found.compare("price", want.Price, got.Price.Decimal())
	found.compare("leader", named(want.Leader), e.name(got.LeaderID))
	found.compare("next_minimum", want.NextMinimum, got.NextMinimum.Decimal())
	found.compare("reserve_met", want.ReserveMet, got.ReserveMet)
	found.compare("buy_now_available", want.BuyNowAvailable, got.BuyNow.Minor > 0)
	found.compare("ends", want.Ends.Seconds(), got.EndsAt.Sub(e.start).Seconds())
}

// name returns what the history calls a member; nil for nobody.
func (e *example) name(id uuid.UUID) any {
	if id == uuid.Nil {
		return nil
	}
	return e.names[id]
}

// named returns the text, or nil.
func named(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}

// reason is the one that is given where a reason has to be.
const reason = "as the history says"

// do carries a step out and returns its result, or the code of the refusal. Errors: what is no refusal.
func (e *example) do(ctx context.Context, step Step) (result string, err error) {
	switch step.Do {
	case doBid:
		var answer domain.BidAnswer
		answer, err = e.stage.PlaceBid.Do(ctx, app.PlaceBidCommand{
			Listing: e.listing, Bidder: e.member(step.Bidder),
			Maximum: domain.Offer{Amount: step.Max, Currency: e.histories.Currency},
		})
		result = string(answer.Result)
	case doBuyNow:
		result = "bought"
		_, err = e.stage.BuyNow.Do(ctx, app.BuyNowCommand{Listing: e.listing, Buyer: e.member(step.Bidder)})
	case doRetract:
		result = "retracted"
		_, err = e.stage.RetractBids.Do(ctx, app.RetractBidsCommand{
			Listing: e.listing, Bidder: e.member(step.Bidder), Reason: domain.ReasonWrongAmount,
		})
	case doCancelBids:
		result = "cancelled"
		_, err = e.stage.CancelBids.Do(ctx, app.CancelBidsCommand{
			Listing: e.listing, Bidder: e.member(step.Bidder), By: e.seller(), Reason: reason,
		})
	case doCancelListing:
		result = "cancelled"
		err = e.stage.CancelListing.Do(ctx, app.CancelListingCommand{Listing: e.listing, By: e.seller(), Reason: reason})
	default:
		return "", errors.New("nothing that can be done: " + step.Do)
	}
	if code, refused := refusal(err); refused {
		return code, nil
	}
	return result, err
}

// end lets the listing end and compares how it did.
func (e *example) end(ctx context.Context) error {
	record, err := e.view(ctx)
	if err != nil {
		return err
	}
	if err := e.stage.MoveTo(ctx, record.EndsAt); err != nil {
		return err
	}
	if record, err = e.view(ctx); err != nil {
		return err
	}
	var price any
	if record.Status == domain.StatusSold {
		price = record.FinalPrice.Decimal()
	}
	found := differences{vector: e.vector.Name}
	found.compare("outcome.state", e.vector.Outcome.State, string(record.Status))
	found.compare("outcome.winner", named(e.vector.Outcome.Winner), e.name(record.WinnerID))
	found.compare("outcome.price", named(e.vector.Outcome.Price), price)
	e.report.Differing = append(e.report.Differing, found.all...)
	return nil
}
