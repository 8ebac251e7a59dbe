package contract

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// viewCases say what people are shown, and what not.
var viewCases = []testCase{
	{"every listing is shown as its state says, to everybody", everyRecord},
	{"the status is that of the instant, whatever jobs have done", statusOfTheInstant},
	{"an end that no job has noticed has a winner", unnoticedEnd},
	{"members are shown to those who may know", membersShown},
	{"a draft is its seller's alone", draftsHidden},
	{"no record holds a secret", recordsHoldNoSecret},
	{"of many who look at the same time each sees his listing", manyLook},
}

// anyone is a viewer who is nobody in particular, or not signed in.
var anyone domain.Actor

// record returns what the viewer sees of a listing.
func (s *subject) record(t *testing.T, id uuid.UUID, viewer domain.Actor, now time.Time) app.ListingRecord {
	t.Helper()
	r, err := s.Views.Listing(t.Context(), id, viewer, now)
	require.NoError(t, err)
	return r
}

// list walks all pages of a list.
func (s *subject) list(t *testing.T, filter app.Filter, viewer domain.Actor, now time.Time) []app.ListingSummary {
	t.Helper()
	var all []app.ListingSummary
	request := page.Request{Limit: page.MaxLimit}
	for {
		p, err := s.Views.Listings(t.Context(), filter, viewer, request, now)
		require.NoError(t, err)
		all = append(all, p.Items...)
		if p.Next == "" {
			return all
		}
		request.Cursor = p.Next
	}
}

func everyRecord(t *testing.T, s *subject) {
	for name, l := range states(t) {
		made := s.keep(t, l)
		leader := domain.Actor{ID: made.State.Standing.Leader.Bidder}
		for _, viewer := range []domain.Actor{anyone, {ID: newID()}, l.Seller(), leader, builders.Moderator} {
			for _, now := range instantsAround(made.State) {
				what := fmt.Sprintf("%s, seen by %v at %s", name, viewer, now)
				got, err := s.Views.Listing(t.Context(), l.ID(), viewer, now)
				if made.State.Status == domain.StatusDraft && viewer != l.Seller() {
					require.ErrorIs(t, err, domain.ErrListingNotFound, what)
					continue
				}
				require.NoError(t, err, what)
				valuetest.RequireSame(t, expectedRecord(made.State, viewer, now), got, what)
				valuetest.RequireUTC(t, got)
			}
		}
	}
}

// instantsAround returns the instants at which something about a listing may change, and those beside them.
func instantsAround(s domain.State) []time.Time {
	var all []time.Time
	for _, at := range []time.Time{s.CreatedAt, s.Terms.StartsAt, s.EndsAt, s.Head.At} {
		if !at.IsZero() {
			all = append(all, at.Add(-time.Microsecond), at, at.Add(time.Microsecond))
		}
	}
	return append(all, builders.Epoch.AddDate(1, 0, 0))
}

func statusOfTheInstant(t *testing.T, s *subject) {
	const us = time.Microsecond
	bid := func(l *builders.Listing) *builders.Listing { return l.After(2*time.Hour).BidBy(newID(), "20") }
	scheduled := func() *builders.Listing { return builders.Draft().Starting(time.Hour).Lasting(day).Published() }
	end := time.Hour + day
	cases := map[string]struct {
		listing *builders.Listing
		after   time.Duration // since the listing was published
		want    domain.Status
	}{
		"one microsecond before the start":   {scheduled(), time.Hour - us, domain.StatusScheduled},
		"at the start":                       {scheduled(), time.Hour, domain.StatusOpen},
		"one microsecond before the end":     {scheduled(), end - us, domain.StatusOpen},
		"at the end, without bids":           {scheduled(), end, domain.StatusUnsoldNoBids},
		"at the end, opened, without bids":   {scheduled().After(time.Hour).Opened(), end, domain.StatusUnsoldNoBids},
		"one microsecond before, with a bid": {bid(scheduled()), end - us, domain.StatusOpen},
		"at the end, with a bid":             {bid(scheduled()), end, domain.StatusSold},
		"at the end, the reserve not met":    {bid(builders.Draft().WithReserve("50").Lasting(day).Published()), day, domain.StatusUnsoldReserve},
		"frozen before the start, at it":     {scheduled().Frozen(), time.Hour, domain.StatusOpen},
		"frozen before the start, before it": {scheduled().Frozen(), time.Hour - us, domain.StatusScheduled},
		"frozen, long after the end":         {bid(scheduled()).Frozen(), 100 * day, domain.StatusOpen},
		"cancelled, before the end":          {bid(scheduled()).Cancelled(), end - us, domain.StatusCancelled},
		"bought, before the end":             {builders.Draft().WithBuyNow("20").Published().BoughtBy(newID()), us, domain.StatusSold},
	}
	for name, c := range cases {
		s.keep(t, c.listing)
		now := builders.Epoch.Add(c.after)
		require.Equal(t, c.want, s.record(t, c.listing.ID(), anyone, now).Status, name)
		for _, status := range []domain.Status{
			domain.StatusScheduled, domain.StatusOpen, domain.StatusSold, domain.StatusUnsoldNoBids,
			domain.StatusUnsoldReserve, domain.StatusCancelled,
		} {
			filter := app.Filter{Seller: c.listing.Seller().ID, Statuses: []domain.Status{status}}
			listed := s.list(t, filter, anyone, now)
			require.Equal(t, status == c.want, len(listed) == 1, "%s, in the list of what is %s", name, status)
			for _, item := range listed {
				require.Equal(t, status, item.Status, name)
			}
		}
	}
}

func unnoticedEnd(t *testing.T, s *subject) {
	alice, bob := newID(), newID()
	l := builders.Draft().Published().BidBy(alice, "20").BidBy(bob, "30")
	made := s.keep(t, l)
	before := s.record(t, l.ID(), builders.Moderator, made.State.EndsAt.Add(-time.Microsecond))
	require.True(t, before.Winner.IsZero())
	require.Equal(t, uuid.Nil, before.WinnerID)
	require.Zero(t, before.FinalPrice.Minor)

	unnoticed := s.record(t, l.ID(), builders.Moderator, made.State.EndsAt)
	require.Equal(t, bob, unnoticed.WinnerID)
	require.Equal(t, made.State.Secret.AliasOf(bob), unnoticed.Winner)
	require.Equal(t, "20.50 USD", unnoticed.FinalPrice.String())

	require.NoError(t, s.do(t, func(ctx context.Context) error {
		listing, err := s.Listings.Get(ctx, l.ID())
		if err != nil {
			return err
		}
		require.True(t, listing.Close(newID(), made.State.EndsAt.Add(day)))
		return nil
	}))
	noticed := s.record(t, l.ID(), builders.Moderator, made.State.EndsAt)
	noticed.Version, noticed.Head = unnoticed.Version, unnoticed.Head
	valuetest.RequireSame(t, unnoticed, noticed, "after the job")
}

func membersShown(t *testing.T, s *subject) {
	leader, other := newID(), newID()
	l := builders.Draft().Published().BidBy(other, "20").BidBy(leader, "30")
	made := s.keep(t, l)
	for name, c := range map[string]struct {
		viewer domain.Actor
		shown  bool
	}{
		"the seller":       {l.Seller(), true},
		"a moderator":      {builders.Moderator, true},
		"the leader":       {domain.Actor{ID: leader}, true},
		"the runner-up":    {domain.Actor{ID: other}, false},
		"another member":   {domain.Actor{ID: newID()}, false},
		"nobody signed in": {anyone, false},
	} {
		want := uuid.Nil
		if c.shown {
			want = leader
		}
		open := s.record(t, l.ID(), c.viewer, l.Now())
		require.Equal(t, want, open.LeaderID, name)
		require.Equal(t, made.State.Secret.AliasOf(leader), open.Leader, name)
		ended := s.record(t, l.ID(), c.viewer, made.State.EndsAt)
		require.Equal(t, want, ended.LeaderID, name)
		require.Equal(t, want, ended.WinnerID, name)
		require.Equal(t, made.State.Secret.AliasOf(leader), ended.Winner, name)
	}
}

func draftsHidden(t *testing.T, s *subject) {
	draft := builders.Draft().WithReserve("50").WithBuyNow("60")
	public := builders.Draft().By(draft.Seller().ID).Published()
	s.keep(t, draft)
	s.keep(t, public)

	own := s.record(t, draft.ID(), draft.Seller(), builders.Epoch)
	require.Equal(t, "50.00 USD", own.Reserve.String())
	require.Equal(t, "60.00 USD", own.BuyNowPrice.String())
	for _, viewer := range []domain.Actor{anyone, {ID: newID()}, builders.Moderator} {
		_, err := s.Views.Listing(t.Context(), draft.ID(), viewer, builders.Epoch)
		require.ErrorIs(t, err, domain.ErrListingNotFound)
	}
	seller := draft.Seller().ID
	justDrafts := []domain.Status{domain.StatusDraft}
	for name, c := range map[string]struct {
		filter app.Filter
		viewer domain.Actor
		want   int
	}{
		"the seller's own":                     {app.Filter{Seller: seller}, draft.Seller(), 2},
		"the seller's own drafts":              {app.Filter{Seller: seller, Statuses: justDrafts}, draft.Seller(), 1},
		"the seller's own that are open":       {app.Filter{Seller: seller, Statuses: []domain.Status{domain.StatusOpen}}, draft.Seller(), 1},
		"all, to the seller":                   {app.Filter{}, draft.Seller(), 1},
		"all drafts, to the seller":            {app.Filter{Statuses: justDrafts}, draft.Seller(), 0},
		"the seller's, to another":             {app.Filter{Seller: seller}, domain.Actor{ID: newID()}, 1},
		"the seller's drafts, to a moderator":  {app.Filter{Seller: seller, Statuses: justDrafts}, builders.Moderator, 0},
		"all, to nobody":                       {app.Filter{}, anyone, 1},
		"all drafts, to nobody":                {app.Filter{Statuses: justDrafts}, anyone, 0},
		"the seller's own that can be bought":  {app.Filter{Seller: seller, BuyNow: true}, draft.Seller(), 0},
		"the seller's own that end after 1970": {app.Filter{Seller: seller, EndsAfter: time.Unix(0, 0)}, draft.Seller(), 1},
		"the seller's own that end before 3000": {
			app.Filter{Seller: seller, EndsBefore: time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)}, draft.Seller(), 1,
		},
	} {
		require.Len(t, s.list(t, c.filter, c.viewer, builders.Epoch), c.want, name)
	}
}

func recordsHoldNoSecret(t *testing.T, s *subject) {
	open := newCanary(t)
	for name, c := range map[string]canary{"open": open, "sold": open.sold(t)} {
		made := s.keep(t, c.listing)
		for _, viewer := range []domain.Actor{anyone, {ID: newID()}, c.listing.Seller(), c.leader, builders.Moderator} {
			for _, now := range instantsAround(made.State) {
				c.requireAbsent(t, name, s.record(t, c.listing.ID(), viewer, now))
				filter := app.Filter{Seller: c.listing.Seller().ID}
				p, err := s.Views.Listings(t.Context(), filter, viewer, page.Request{}, now)
				require.NoError(t, err)
				require.Len(t, p.Items, 1)
				c.requireAbsent(t, name+" in a list", p)
			}
		}
	}
}

// manyLook has many look at a few listings at the same time, of which stores may make few queries.
func manyLook(t *testing.T, s *subject) {
	const listings, looks = 8, 200
	want := make([]app.ListingRecord, listings)
	for i := range want {
		made := s.keep(t, builders.Draft().Published().BidBy(newID(), fmt.Sprint(20+i)))
		want[i] = s.record(t, made.State.ID, anyone, made.State.Head.At)
	}
	var all sync.WaitGroup
	for i := range looks {
		all.Go(func() {
			at := want[i%listings].Head.At
			got, err := s.Views.Listing(t.Context(), want[i%listings].ID, anyone, at)
			assert.NoError(t, err)
			assert.Equal(t, want[i%listings], got)
			_, err = s.Views.Listing(t.Context(), newID(), anyone, at)
			assert.ErrorIs(t, err, domain.ErrListingNotFound)
		})
	}
	all.Wait()
}
