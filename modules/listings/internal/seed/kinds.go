package seed

import (
	"context"
	"errors"
	"time"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// kinds are the sorts of listings, which come in turn: however small a market is, it has many.
var kinds = []func(s *scene){
	contested, soldToTheBest, scheduled, quiet, belowReserve, unfinished, softClosing, buyableAtOnce, nobodyCame,
	proxyWar, frozen, reserveMet, boughtAtOnce, reserveMissed, retracted, cancelledBySeller, soldToTheBest, contested,
	banned, relisted, thawed, cancelledByModerator, contested, soldToTheBest, endingNow,
}

// contested is open, and several people want it.
func contested(s *scene) {
	content := s.content()
	s.running(content)
	s.bids(8+s.random.IntN(14), s.start, s.now, s.interested(4+s.random.IntN(5)))
	if s.random.IntN(3) == 0 {
		text := pick(s, additions)
		s.act(s.between(s.start, s.now), "describe", func(ctx context.Context) error {
			return s.stage.Describe.Do(ctx, app.AppendDescriptionCommand{Listing: s.id, By: s.owner(), Text: text})
		})
	}
}

// soldToTheBest is over and sold.
func soldToTheBest(s *scene) {
	s.over(s.content())
	people := s.interested(4 + s.random.IntN(5))
	s.bids(8+s.random.IntN(14), s.start, s.end, people)
	s.certain(s.between(s.start, s.end), people[0].member, s.share(110))
}

// scheduled starts in some hours or days.
func scheduled(s *scene) {
	content := s.content()
	content.StartsAt = s.now.Add(time.Hour + s.upTo(5*day))
	s.publish(s.now.Add(-s.upTo(2*day)), content)
}

// quiet is open, and nobody has bid yet. Its seller has thought again about what to write.
func quiet(s *scene) {
	content := s.content()
	s.running(content)
	changed := content
	changed.Title += ", with receipt"
	s.act(s.between(s.start, s.now), "edit", func(ctx context.Context) error {
		s.stage.Replan()
		return s.stage.EditListing.Do(ctx, app.EditListingCommand{Listing: s.id, By: s.owner(), Content: changed})
	})
}

// belowReserve is open, and nobody has met its reserve.
func belowReserve(s *scene) {
	content := s.content()
	content.Reserve = s.offer(s.share(140))
	s.running(content)
	s.bids(5+s.random.IntN(5), s.start, s.now, s.interested(4))
}

// unfinished is a draft of which parts are missing.
func unfinished(s *scene) {
	content := s.content()
	switch s.random.IntN(3) {
	case 0:
		content.StartPrice = domain.Offer{}
	case 1:
		content.Description = ""
	}
	s.draft(s.now.Add(-s.upTo(12*day)), content)
}

// softClosing would be over, but for bids in its last minutes.
func softClosing(s *scene) {
	content := s.content()
	content.SoftClose = domain.SoftClose{Window: 10 * time.Minute, Extension: 10 * time.Minute, Cap: 3 * time.Hour}
	s.publish(s.now.Add(-content.Duration-5*time.Minute), content)
	people := s.interested(3)
	s.bids(4, s.start, s.now.Add(-time.Hour), people)
	s.certain(s.now.Add(-12*time.Minute), people[0].member, s.share(130))
	s.certain(s.now.Add(-9*time.Minute), people[1].member, s.share(140))
	s.certain(s.now.Add(-4*time.Minute), people[2].member, s.share(150))
}

// buyableAtOnce is open, with a price at which it can be had at once.
func buyableAtOnce(s *scene) {
	content := s.content()
	content.BuyNow = s.offer(s.share(135))
	s.running(content)
}

// nobodyCame is over, and nobody has bid.
func nobodyCame(s *scene) { s.over(s.content()) }

// proxyWar is open, and two people bid against each other in the smallest steps.
func proxyWar(s *scene) {
	content := s.content()
	s.running(content)
	rivals := s.interested(2)
	rivals[0].limit, rivals[1].limit = s.share(150), s.share(155)
	at := s.between(s.start, s.start.Add(s.now.Sub(s.start)/2))
	for i := range 16 {
		at = at.Add(s.upTo(20 * time.Minute))
		if !at.Before(s.now) {
			return
		}
		who := rivals[i%2]
		s.act(at, "bid", func(ctx context.Context) error { return s.try(ctx, who, 8) })
	}
}

// frozen was stopped by a moderator.
func frozen(s *scene) {
	s.running(s.content())
	s.bids(5, s.start, s.now.Add(-2*time.Hour), s.interested(3))
	s.freeze(s.now.Add(-s.upTo(time.Hour)))
}

func (s *scene) freeze(at time.Time) {
	s.act(at, "freeze", func(ctx context.Context) error {
		return s.stage.Freeze.Do(ctx, app.FreezeListingCommand{
			Listing: s.id, By: moderator, Reason: "Somebody says that the thing in the picture is his.",
		})
	})
}

// reserveMet is open, and its reserve is met.
func reserveMet(s *scene) {
	content := s.content()
	content.Reserve = s.offer(s.share(85))
	s.running(content)
	people := s.interested(4)
	s.bids(6, s.start, s.now, people)
	s.certain(s.between(s.start, s.now), people[0].member, s.share(130))
}

// boughtAtOnce is over, because somebody paid the price for it.
func boughtAtOnce(s *scene) {
	content := s.content()
	content.BuyNow = s.offer(s.share(125))
	s.over(content)
	buyer := s.interested(1)[0].member
	s.act(s.between(s.start, s.end), "buy", func(ctx context.Context) error {
		_, err := s.stage.BuyNow.Do(ctx, app.BuyNowCommand{Listing: s.id, Buyer: buyer})
		return err
	})
}

// reserveMissed is over, and its reserve was not met.
func reserveMissed(s *scene) {
	content := s.content()
	content.Reserve = s.offer(s.share(180))
	s.over(content)
	people := s.interested(4)
	s.bids(7, s.start, s.end, people)
	s.certain(s.between(s.start, s.end), people[0].member, s.share(75))
}

// retracted is open, and somebody took back a bid in which he had put the dot in the wrong place.
func retracted(s *scene) {
	content := s.content()
	content.Duration = 10 * day
	s.publish(s.now.Add(-4*day), content)
	people := s.interested(4)
	s.bids(6, s.start, s.now.Add(-time.Hour), people[1:])
	slip := s.between(s.start, s.now.Add(-2*time.Hour))
	s.certain(slip, people[0].member, 10*s.worth)
	s.act(slip.Add(s.upTo(20*time.Minute)), "retract", func(ctx context.Context) error {
		_, err := s.stage.RetractBids.Do(ctx, app.RetractBidsCommand{
			Listing: s.id, Bidder: people[0].member, Reason: domain.ReasonWrongAmount,
		})
		if errors.Is(err, domain.ErrTooManyRetractions) { // in a large market somebody puts too many dots wrong
			return nil
		}
		return err
	})
}

// cancelledBySeller was called off before anybody bid.
func cancelledBySeller(s *scene) {
	content := s.content()
	s.running(content)
	s.cancel(s.between(s.start, s.now), domain.Actor{}, "")
}

// cancel plans that somebody calls it off; the zero actor is the seller.
func (s *scene) cancel(at time.Time, by domain.Actor, reason string) {
	s.act(at, "cancel", func(ctx context.Context) error {
		if by == (domain.Actor{}) {
			by = s.owner()
		}
		return s.stage.CancelListing.Do(ctx, app.CancelListingCommand{Listing: s.id, By: by, Reason: reason})
	})
}

// banned is open, and its seller has thrown out a bidder.
func banned(s *scene) {
	content := s.content()
	s.running(content)
	people := s.interested(5)
	middle := s.start.Add(s.now.Sub(s.start) / 2)
	s.certain(s.between(s.start, middle), people[0].member, s.share(150))
	s.act(s.between(middle, s.now), "cancel bids", func(ctx context.Context) error {
		_, err := s.stage.CancelBids.Do(ctx, app.CancelBidsCommand{
			Listing: s.id, Bidder: people[0].member, By: s.owner(), Reason: "He has not paid for the last thing that he bought.",
		})
		return err
	})
	s.bids(6, s.start, s.now, people[1:])
}

// relisted found no buyer the first time, and is on the market again.
func relisted(s *scene) {
	if len(s.plan.listings)+1 == s.plan.options.Listings { // there is no room for two
		contested(s)
		return
	}
	content := s.content()
	content.Duration = 3 * day
	s.publish(s.now.Add(-5*day), content)
	old, again := s.id, idAt(s.now.Add(-day), s.random)
	s.plan.listings = append(s.plan.listings, planned{id: again, owner: s.seller})
	s.act(s.now.Add(-day), "relist", func(ctx context.Context) error {
		_, err := s.stage.Relist.Do(ctx, app.RelistListingCommand{Listing: old, By: s.owner(), ID: again})
		return err
	})
	s.act(s.now.Add(-day+s.upTo(time.Hour)), "publish again", func(ctx context.Context) error {
		s.stage.Replan()
		return s.stage.PublishListing.Do(ctx, app.PublishListingCommand{Listing: again, By: s.owner()})
	})
}

// thawed was stopped by a moderator and goes on.
func thawed(s *scene) {
	s.running(s.content())
	stopped := s.between(s.start, s.start.Add(s.now.Sub(s.start)/2))
	s.bids(3, s.start, stopped, s.interested(3))
	s.freeze(stopped)
	goesOn := stopped.Add(s.upTo(s.now.Sub(stopped) / 2))
	s.act(goesOn, "unfreeze", func(ctx context.Context) error {
		s.stage.Replan()
		return s.stage.Unfreeze.Do(ctx, app.UnfreezeListingCommand{
			Listing: s.id, By: moderator, Reason: "The seller has shown the receipt.",
		})
	})
	s.bids(5, goesOn, s.now, s.interested(3))
}

// cancelledByModerator was called off although people had bid.
func cancelledByModerator(s *scene) {
	s.running(s.content())
	middle := s.start.Add(s.now.Sub(s.start) / 2)
	s.bids(5, s.start, middle, s.interested(3))
	s.cancel(middle, moderator, "The thing in the picture is a photograph from a catalogue.")
}

// endingNow ends within the hour.
func endingNow(s *scene) {
	content := s.content()
	s.publish(s.now.Add(-content.Duration+s.upTo(time.Hour)), content)
	s.bids(12, s.start, s.now, s.interested(6))
}
