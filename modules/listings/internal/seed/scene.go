package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/stage"
)

// scene is what happens to one listing.
type scene struct {
	stage    *stage.Stage
	plan     *Plan
	number   int
	random   *rand.Rand
	now      time.Time
	currency domain.Currency

	id     uuid.UUID
	seller uuid.UUID
	worth  int64 // what bidders think of it, in minor units
	start  time.Time
	end    time.Time // as published
}

const day = 24 * time.Hour

// between draws a time.
func (s *scene) between(from, to time.Time) time.Time {
	return from.Add(time.Duration(s.random.Int64N(max(1, int64(to.Sub(from)))))).Truncate(time.Microsecond)
}

// upTo draws a duration of at least a minute.
func (s *scene) upTo(longest time.Duration) time.Duration {
	return time.Minute + time.Duration(s.random.Int64N(int64(longest)))
}

func pick[T any](s *scene, from []T) T { return from[s.random.IntN(len(from))] }

// act plans something.
func (s *scene) act(at time.Time, what string, do func(ctx context.Context) error) {
	s.plan.acts = append(s.plan.acts, act{at: at, do: func(ctx context.Context) error {
		if err := do(ctx); err != nil {
			return fmt.Errorf("listing %d: %s: %w", s.number+1, what, err)
		}
		return nil
	}})
}

// offer writes an amount.
func (s *scene) offer(minor int64) domain.Offer {
	return domain.Offer{Amount: s.currency.Money(minor).Decimal(), Currency: s.currency.Code}
}

// share returns a part of what the thing is worth, as people name prices.
func (s *scene) share(percent int64) int64 { return nice(s.worth * percent / 100) }

// nice rounds as people do.
func nice(minor int64) int64 {
	step := int64(50)
	if minor >= 100_00 {
		step = 5_00
	}
	return max(step, minor/step*step)
}

// content invents what is sold: something at 30 to 60 % of what it is worth, for three to ten days.
func (s *scene) content() domain.Content {
	// Each kind of thing comes in turn, so that a small market has no two alike.
	it := catalog[(s.number*7+int(s.plan.options.Seed%int64(len(catalog)))+len(catalog))%len(catalog)]
	s.worth = it.worth * (70 + s.random.Int64N(60)) / 100
	for range s.currency.Digits - 2 {
		s.worth *= 10
	}
	about := it.about
	if extra := pick(s, more); extra != "" {
		about += "\n\n" + extra
	}
	return domain.Content{
		Title:       it.name + ", " + pick(s, it.traits),
		Description: about,
		StartPrice:  s.offer(s.share(30 + s.random.Int64N(30))),
		Duration:    pick(s, []time.Duration{3 * day, 5 * day, 7 * day, 10 * day}),
	}
}

// draft plans that the seller writes the listing down.
func (s *scene) draft(at time.Time, content domain.Content) {
	s.seller = seller(s.random.IntN(sellers))
	s.id = idAt(at, s.random)
	s.plan.listings = append(s.plan.listings, planned{id: s.id, owner: s.seller})
	s.act(at, "create", func(ctx context.Context) error {
		_, err := s.stage.CreateDraft.Do(ctx, app.CreateDraftCommand{
			ID: s.id, Seller: s.seller, Currency: s.currency.Code, Content: content,
		})
		return err
	})
}

// publish plans that the listing, written down some time before, goes on the market at the instant at, to start then or
// at its own start.
func (s *scene) publish(at time.Time, content domain.Content) {
	s.draft(at.Add(-s.upTo(8*time.Hour)), content)
	s.start = at
	if !content.StartsAt.IsZero() {
		s.start = content.StartsAt
	}
	s.end = s.start.Add(content.Duration)
	s.act(at, "publish", func(ctx context.Context) error {
		s.stage.Replan()
		return s.stage.PublishListing.Do(ctx, app.PublishListingCommand{Listing: s.id, By: s.owner()})
	})
}

// running plans a listing that is open now, with a part of its time gone.
func (s *scene) running(content domain.Content) {
	gone := 30 + s.random.Int64N(50)
	s.publish(s.now.Add(-content.Duration*time.Duration(gone)/100), content)
}

// over plans a listing that has ended.
func (s *scene) over(content domain.Content) {
	s.publish(s.now.Add(-content.Duration-s.upTo(21*day)), content)
}

func (s *scene) owner() domain.Actor { return domain.Actor{ID: s.seller} }

// interested draws people who would like to have it, each with the most that he would pay.
func (s *scene) interested(count int) []interest {
	all := make([]interest, count)
	first := s.random.IntN(bidders)
	for i := range all {
		all[i] = interest{member: bidder((first + i*4) % bidders), limit: s.share(60 + s.random.Int64N(65))}
	}
	return all
}

// interest is somebody who would like to have it.
type interest struct {
	member uuid.UUID
	limit  int64
}

// bids plans that these people try their luck so many times between two instants, more often towards the end.
func (s *scene) bids(count int, from, to time.Time, people []interest) {
	for range count {
		at := s.between(from, to)
		if s.random.IntN(3) == 0 {
			at = s.between(at, to)
		}
		who, daring := pick(s, people), s.random.Int64N(60)*s.random.Int64N(100)/100 // most people feel their way
		s.act(at, "bid", func(ctx context.Context) error { return s.try(ctx, who, daring) })
	}
}

// certain plans one bid of that amount.
func (s *scene) certain(at time.Time, member uuid.UUID, minor int64) {
	s.act(at, "bid", func(ctx context.Context) error { return s.bid(ctx, member, minor) })
}

// try bids if the next minimum is still within the limit: the limit itself, or something below it.
func (s *scene) try(ctx context.Context, who interest, daring int64) error {
	record, err := s.stage.Views.Listing(ctx, s.id, domain.Actor{ID: who.member}, s.stage.Now())
	if err != nil {
		return err
	}
	least := record.NextMinimum.Minor
	if least > who.limit || record.LeaderID == who.member {
		return nil
	}
	return s.bid(ctx, who.member, max(least, nice(least+(who.limit-least)*daring/100)))
}

// bid places a bid. A refusal is part of the market.
func (s *scene) bid(ctx context.Context, member uuid.UUID, minor int64) error {
	_, err := s.stage.PlaceBid.Do(ctx, app.PlaceBidCommand{Listing: s.id, Bidder: member, Maximum: s.offer(minor)})
	if errors.Is(err, domain.ErrBidTooLow) || errors.Is(err, domain.ErrNotAboveOwnMaximum) {
		return nil
	}
	if err != nil {
		return err
	}
	s.plan.bids++
	return nil
}
