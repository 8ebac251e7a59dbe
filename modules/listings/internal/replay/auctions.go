package replay

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/stage"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/fault"
)

// Reserve says which hidden reserve the auctions get.
type Reserve string

// The reserves.
const (
	// ReserveNone gives none.
	ReserveNone Reserve = "none"
	// ReserveRecorded gives each auction whose recorded price is above its start that price.
	ReserveRecorded Reserve = "recorded"
)

// Options say how to replay.
type Options struct {
	// Reserve is the auctions' hidden reserve.
	Reserve Reserve
	// Wall measures how long it takes.
	Wall clock.Clock
	// Progress, if not nil, is told after every bid or history how many of how many are done.
	Progress func(done, all int)
}

// progress tells how far it is, if somebody wants to know.
func (o Options) progress(done, all int) {
	if o.Progress != nil {
		o.Progress(done, all)
	}
}

// Epoch is when replays begin: any instant would do.
var Epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Auctions replays a recording on a stage whose clock stands before Epoch, all auctions together: they start at the same
// instant, bids come in the order of their times, and each closes when its days are over. Errors: what is no refusal of a
// bid by the rules, such as a store that does not answer, or the context's.
func Auctions(ctx context.Context, s *stage.Stage, recording *Recording, o Options) (*Report, error) {
	began := o.Wall.Now()
	run := &auctionRun{stage: s, recording: recording, options: o, report: newReport(recording, o), contests: make([]contest, len(recording.Auctions))}
	steps := []func(context.Context) error{run.publish, run.bid, run.end}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("replay %s: %w", recording.File, err)
		}
	}
	run.report.Took = o.Wall.Now().Sub(began)
	if err := run.verify(ctx); err != nil {
		return nil, fmt.Errorf("replay %s: %w", recording.File, err)
	}
	return run.report, nil
}

// auctionRun is one replay of a recording.
type auctionRun struct {
	stage     *stage.Stage
	recording *Recording
	options   Options
	report    *Report
	contests  []contest // by auction
}

// publish puts every auction on the market, to open at Epoch.
func (r *auctionRun) publish(ctx context.Context) error {
	for _, a := range r.recording.Auctions {
		draft := app.CreateDraftCommand{
			ID:       listingOf(a.ID),
			Seller:   seller,
			Currency: currency.Code,
			Table:    domain.TableUSClassic,
			Content: domain.Content{
				Title:      a.Item,
				StartPrice: offer(a.Opening),
				Reserve:    r.reserve(a),
				StartsAt:   Epoch,
				Duration:   a.Duration,
			},
		}
		if _, err := r.stage.Publish(ctx, draft); err != nil {
			return fmt.Errorf("auction %s: %w", a.ID, err)
		}
	}
	return nil
}

func (r *auctionRun) reserve(a Auction) domain.Offer {
	if r.options.Reserve != ReserveRecorded || a.Closing.Minor <= a.Opening.Minor {
		return domain.Offer{}
	}
	return offer(a.Closing)
}

func offer(m domain.Money) domain.Offer {
	return domain.Offer{Amount: m.Decimal(), Currency: m.Currency.Code}
}

// bid places every bid at its time.
func (r *auctionRun) bid(ctx context.Context) error {
	for i, b := range r.recording.Bids {
		if err := r.stage.MoveTo(ctx, Epoch.Add(b.After)); err != nil {
			return err
		}
		answer, err := r.stage.PlaceBid.Do(ctx, app.PlaceBidCommand{
			Listing: listingOf(r.recording.Auctions[b.Auction].ID),
			Bidder:  memberOf(b.Bidder),
			Maximum: domain.Offer{Amount: b.Maximum, Currency: currency.Code},
		})
		switch code, refused := refusal(err); {
		case refused:
			r.report.Refused[code]++
		case err != nil:
			return err
		default:
			r.report.Accepted++
			r.contests[b.Auction].add(memberOf(b.Bidder), answer.OwnMaximum)
		}
		r.options.progress(i+1, len(r.recording.Bids))
	}
	return nil
}

// refusal returns the code of an error by which the rules refuse a command, and false for any other and for none.
func refusal(err error) (code string, refused bool) {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Forbidden, fault.NotFound, fault.Conflict, fault.Limited:
		return fault.CodeOf(err), true
	default:
		return "", false
	}
}

// end lets every auction close and reads the prices at which they did.
func (r *auctionRun) end(ctx context.Context) error {
	last := Epoch
	for _, a := range r.recording.Auctions {
		if end := Epoch.Add(a.Duration); end.After(last) {
			last = end
		}
	}
	if err := r.stage.MoveTo(ctx, last); err != nil {
		return err
	}
	for i, a := range r.recording.Auctions {
		record, err := r.stage.Views.Listing(ctx, listingOf(a.ID), domain.Actor{}, r.stage.Now())
		if err != nil {
			return fmt.Errorf("auction %s: %w", a.ID, err)
		}
		if record.Status.Ended() {
			r.report.Closed++
		}
		r.compare(a, closingPrice(record), r.contests[i])
	}
	return nil
}

// closingPrice is what the winner pays; without a winner the last price.
func closingPrice(record app.ListingRecord) domain.Money {
	if record.Status == domain.StatusSold {
		return record.FinalPrice
	}
	return record.Price
}

func (r *auctionRun) compare(a Auction, computed domain.Money, c contest) {
	if computed == a.Closing {
		r.report.Exact++
		return
	}
	r.report.Differing = append(r.report.Differing, Difference{
		Auction:  a.ID,
		Recorded: a.Closing.Decimal(),
		Computed: computed.Decimal(),
		Why:      c.explain(a.Closing, computed, r.options.Reserve),
	})
}

// verify checks every chain.
func (r *auctionRun) verify(ctx context.Context) error {
	verified, err := r.stage.VerifyLogs.Do(ctx, app.VerifyLogsQuery{})
	if err != nil {
		return err
	}
	r.report.Events = verified.Events
	r.report.ChainsVerified = verified.Listings - int64(len(verified.Flaws))
	for _, flaw := range verified.Flaws {
		r.report.Flaws = append(r.report.Flaws, flaw)
	}
	return nil
}

// contest is who bid most in an auction, as far as the bids were accepted.
type contest struct {
	best, second uuid.UUID
	most, next   domain.Money
}

// add notes an accepted bid.
func (c *contest) add(bidder uuid.UUID, maximum domain.Money) {
	switch {
	case bidder == c.best:
		c.most.Minor = max(c.most.Minor, maximum.Minor)
	case maximum.Minor > c.most.Minor:
		c.second, c.next = c.best, c.most
		c.best, c.most = bidder, maximum
	case maximum.Minor > c.next.Minor:
		c.second, c.next = bidder, maximum
	}
}

// explain says why a price may differ from the recorded one, as far as the bids tell.
func (c contest) explain(recorded, computed domain.Money, reserve Reserve) string {
	switch {
	case c.best == uuid.Nil:
		return "no bid was accepted"
	case recorded.Minor > c.most.Minor:
		return fmt.Sprintf("no bid reaches the recorded price: the highest maximum is %s", c.most.Decimal())
	case recorded.Minor > computed.Minor && reserve == ReserveNone:
		return fmt.Sprintf("a hidden reserve explains it: the highest maximum is %s", c.most.Decimal())
	case recorded.Minor < c.next.Minor:
		return fmt.Sprintf("two bidders went higher than recorded: to %s and to %s", c.most.Decimal(), c.next.Decimal())
	default:
		return fmt.Sprintf("the two highest maxima, %s and %s, do not give it", c.most.Decimal(), c.next.Decimal())
	}
}
