package contract

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// watchCases say what becomes of watches, watch lists and tellings, and what their views show.
var watchCases = []testCase{
	{"a watch comes back as it was, and goes", watchRoundTrip},
	{"a watch is announced once, whoever comes first", watchAnnouncedOnce},
	{"two units that add the same watch end with one", watchAddedTwice},
	{"a watch list comes back as it was counted", watchListRoundTrip},
	{"a telling comes back as it was, and goes", tellingRoundTrip},
	{"all watches of a member are forgotten, and nobody else's", watchesForgotten},
	{"a watch list shows what is on it, in any order, page by page", watchListPages},
	{"a cursor of another order is refused", watchCursors},
	{"watchers of what ends soon are found at both sides of every border", endingSoonBorders},
	{"watchers are found by the end, those who were told not at all", endingSoonOrder},
}

// watch makes the member watch the listing.
func (s *subject) watch(t *testing.T, member, listing uuid.UUID, since time.Time) uuid.UUID {
	t.Helper()
	w := domain.NewWatch(member, listing, since)
	require.NoError(t, s.do(t, func(ctx context.Context) error { return s.Watches.Add(ctx, w) }))
	return domain.WatchID(member, listing)
}

// watched returns the stored watch.
func (s *subject) watched(t *testing.T, id uuid.UUID) (state domain.WatchState, err error) {
	t.Helper()
	err = s.Work.Do(t.Context(), func(ctx context.Context) error {
		w, err := s.Watches.Get(ctx, id)
		if err == nil {
			state = w.State()
		}
		return err
	}, s.Watches.Loads(id))
	return state, err
}

// announce returns a command that announces an end to a watcher.
func (s *subject) announce(id uuid.UUID, end time.Time, news *bool) func(context.Context) error {
	return func(ctx context.Context) error {
		w, err := s.Watches.Get(ctx, id)
		if err == nil {
			*news = w.Announce(end)
		}
		return err
	}
}

func watchRoundTrip(t *testing.T, s *subject) {
	member, listing := newID(), newID()
	since, end := builders.Epoch.Add(123456*time.Microsecond), builders.Epoch.Add(time.Hour)
	id := domain.WatchID(member, listing)
	_, err := s.watched(t, id)
	require.ErrorIs(t, err, domain.ErrNotWatched)
	_, err = s.WatchViews.Since(t.Context(), member, listing)
	require.ErrorIs(t, err, domain.ErrNotWatched)

	s.watch(t, member, listing, since)
	want := domain.WatchState{ID: id, Version: 1, Member: member, Listing: listing, Since: since}
	got, err := s.watched(t, id)
	require.NoError(t, err)
	require.Equal(t, want, got)
	seen, err := s.WatchViews.Since(t.Context(), member, listing)
	require.NoError(t, err)
	require.Equal(t, since, seen)
	for _, other := range [][2]uuid.UUID{{member, newID()}, {newID(), listing}, {listing, member}} {
		_, err = s.WatchViews.Since(t.Context(), other[0], other[1])
		require.ErrorIs(t, err, domain.ErrNotWatched)
	}

	var news bool
	require.NoError(t, s.do(t, s.announce(id, end, &news)))
	require.True(t, news)
	want.Version, want.Announced = 2, end
	got, err = s.watched(t, id)
	require.NoError(t, err)
	require.Equal(t, want, got)
	valuetest.RequireUTC(t, got)

	require.NoError(t, s.do(t, func(ctx context.Context) error { return s.Watches.Remove(ctx, id) }))
	_, err = s.watched(t, id)
	require.ErrorIs(t, err, domain.ErrNotWatched)
	require.Empty(t, s.Messages(t), "nothing about watches is published")
}

func watchAnnouncedOnce(t *testing.T, s *subject) {
	id := s.watch(t, newID(), newID(), builders.Epoch)
	var first, second bool
	require.NoError(t, s.do(t, s.announce(id, builders.Epoch, &first)))
	require.NoError(t, s.do(t, s.announce(id, builders.Epoch.Add(time.Hour), &second)))
	require.True(t, first)
	require.False(t, second)
	state, err := s.watched(t, id)
	require.NoError(t, err)
	require.Equal(t, builders.Epoch, state.Announced)
	require.Equal(t, int64(2), state.Version)
}

func watchAddedTwice(t *testing.T, s *subject) {
	member, listing := newID(), newID()
	watch := func(ctx context.Context, meet func()) error {
		_, err := s.Watches.Get(ctx, domain.WatchID(member, listing))
		meet()
		if !errors.Is(err, domain.ErrNotWatched) {
			return err
		}
		return s.Watches.Add(ctx, domain.NewWatch(member, listing, builders.Epoch))
	}
	s.overlap(t, watch, func(ctx context.Context) error { return watch(ctx, func() {}) })
	all, err := s.WatchViews.Watches(t.Context(), member, uuid.Nil, 10)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, int64(1), all[0].Version)
}

func watchListRoundTrip(t *testing.T, s *subject) {
	member := newID()
	change := func(run func(*domain.WatchList)) error {
		return s.do(t, func(ctx context.Context) error {
			l, err := s.WatchLists.Get(ctx, member)
			if err == nil {
				run(l)
			}
			return err
		})
	}
	require.ErrorIs(t, change(func(*domain.WatchList) {}), domain.ErrRecordNotFound)
	require.NoError(t, s.do(t, func(ctx context.Context) error { return s.WatchLists.Add(ctx, domain.NewWatchList(member)) }))
	for range 3 {
		require.NoError(t, change(func(l *domain.WatchList) { require.NoError(t, l.Grow()) }))
	}
	require.NoError(t, change((*domain.WatchList).Shrink))
	require.NoError(t, change(func(l *domain.WatchList) {
		require.Equal(t, domain.WatchListState{Member: member, Version: 5, Watches: 2}, l.State())
	}))
}

func tellingRoundTrip(t *testing.T, s *subject) {
	listing, after := newID(), newID()
	tellings := func(behind uuid.UUID) []uuid.UUID {
		found, err := s.Untold.Tellings(t.Context(), behind, 10)
		require.NoError(t, err)
		return found
	}
	require.Empty(t, tellings(uuid.Nil))
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		return s.Tellings.Add(ctx, domain.NewTelling(listing, "listings.closed.v1", `{"title": "“é”"}`, uuid.Nil))
	}))
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		telling, err := s.Tellings.Get(ctx, listing)
		if err == nil {
			telling.GoOn(after)
		}
		return err
	}))
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		telling, err := s.Tellings.Get(ctx, listing)
		if err == nil {
			require.Equal(t, domain.TellingState{
				Listing: listing, Version: 2, Kind: "listings.closed.v1", News: `{"title": "“é”"}`, After: after,
			}, telling.State())
		}
		return err
	}))
	state, err := s.Untold.Telling(t.Context(), listing)
	require.NoError(t, err)
	require.Equal(t, domain.TellingState{
		Listing: listing, Version: 2, Kind: "listings.closed.v1", News: `{"title": "“é”"}`, After: after,
	}, state)
	require.Equal(t, []uuid.UUID{listing}, tellings(uuid.Nil))
	require.Empty(t, tellings(listing))
	require.NoError(t, s.do(t, func(ctx context.Context) error { return s.Tellings.Remove(ctx, listing) }))
	require.Empty(t, tellings(uuid.Nil))
	_, err = s.Untold.Telling(t.Context(), listing)
	require.ErrorIs(t, err, domain.ErrRecordNotFound)
}

func watchesForgotten(t *testing.T, s *subject) {
	gone, stays := newID(), newID()
	for range 3 {
		listing := newID()
		s.watch(t, gone, listing, builders.Epoch)
		s.watch(t, stays, listing, builders.Epoch)
	}
	require.NoError(t, s.do(t, func(ctx context.Context) error { return s.Watches.Forget(ctx, gone) }))
	for member, want := range map[uuid.UUID]int{gone: 0, stays: 3} {
		all, err := s.WatchViews.Watches(t.Context(), member, uuid.Nil, 10)
		require.NoError(t, err)
		require.Len(t, all, want)
	}
	require.NoError(t, s.do(t, func(ctx context.Context) error { return s.Watches.Forget(ctx, gone) }))
}

// watchListPages compares every order with what follows from the stored states.
func watchListPages(t *testing.T, s *subject) {
	member := newID()
	var all []app.WatchedListing
	now := builders.Epoch.Add(2 * day)
	for _, made := range states(t) {
		state := s.keep(t, made).State
		if state.Status == domain.StatusDraft {
			continue
		}
		since := builders.Epoch.Add(time.Duration(len(all)%3) * time.Second) // some at the same instant
		s.watch(t, member, state.ID, since)
		s.watch(t, newID(), state.ID, since)
		all = append(all, app.WatchedListing{ListingSummary: app.SummaryOf(s.state(t, state.ID), now), Since: since})
	}
	for _, order := range []app.Sort{"", app.SortEndingSoon, app.SortEndedLast, app.SortNewest} {
		for _, ended := range []bool{false, true} {
			filter := app.WatchFilter{Ended: ended, Sort: order}
			want := slices.DeleteFunc(slices.Clone(all), func(w app.WatchedListing) bool { return !ended && w.Status.Final() })
			slices.SortFunc(want, func(a, b app.WatchedListing) int {
				x, y := a.Key(filter.Order()), b.Key(filter.Order())
				if order == app.SortNewest || order == app.SortEndedLast {
					x, y = y, x
				}
				return compareListingKeys(x, y)
			})
			require.NotEmpty(t, want)
			for _, size := range []int{1, 2, 100} {
				require.Equal(t, want, s.watchPages(t, member, filter, size, now), "%+v, pages of %d", filter, size)
			}
		}
	}
	require.Empty(t, s.watchPages(t, newID(), app.WatchFilter{Ended: true}, 10, now))

	var after uuid.UUID
	for left := len(all); left > 0; {
		found, err := s.WatchViews.Watches(t.Context(), member, after, 2)
		require.NoError(t, err)
		require.Len(t, found, min(2, left))
		for _, w := range found {
			require.Positive(t, slices.Compare(w.Listing[:], after[:]))
			after, left = w.Listing, left-1
		}
	}
}

// watchPages reads a whole watch list, page by page.
func (s *subject) watchPages(t *testing.T, member uuid.UUID, filter app.WatchFilter, size int, now time.Time) (all []app.WatchedListing) {
	t.Helper()
	request := page.Request{Limit: size}
	for {
		found, err := s.WatchViews.Watched(t.Context(), member, filter, request, now)
		require.NoError(t, err)
		all = append(all, found.Items...)
		if found.Next == "" {
			return all
		}
		require.Len(t, found.Items, size)
		request.Cursor = found.Next
	}
}

func compareListingKeys(a, b app.ListingKey) int {
	if a.At != b.At {
		return int(min(max(a.At-b.At, -1), 1))
	}
	return slices.Compare(a.ID[:], b.ID[:])
}

func watchCursors(t *testing.T, s *subject) {
	member := newID()
	for range 2 {
		s.watch(t, member, s.keep(t, builders.Draft().Published()).State.ID, builders.Epoch)
	}
	ask := func(order app.Sort, cursor page.Cursor) (page.Of[app.WatchedListing], error) {
		return s.WatchViews.Watched(t.Context(), member, app.WatchFilter{Sort: order}, page.Request{Limit: 1, Cursor: cursor}, builders.Epoch)
	}
	first, err := ask(app.SortEndingSoon, "")
	require.NoError(t, err)
	require.NotEmpty(t, first.Next)
	for _, order := range []app.Sort{app.SortNewest, app.SortEndedLast} {
		_, err = ask(order, first.Next)
		require.ErrorIs(t, err, page.ErrInvalidCursor)
	}
	_, err = ask(app.SortEndingSoon, "nonsense")
	require.ErrorIs(t, err, page.ErrInvalidCursor)
}

// endingSoon returns the watches that are found at that instant with an hour's notice.
func (s *subject) endingSoon(t *testing.T, now time.Time, limit int) []uuid.UUID {
	t.Helper()
	found, err := s.Untold.EndingSoon(t.Context(), now, now.Add(time.Hour), limit)
	require.NoError(t, err)
	return found
}

func endingSoonBorders(t *testing.T, s *subject) {
	listing := s.keep(t, builders.Draft().Starting(time.Hour).Lasting(90*time.Minute).Published()).State
	id := s.watch(t, newID(), listing.ID, builders.Epoch)
	end := listing.EndsAt
	for name, c := range map[string]struct {
		now  time.Time
		want []uuid.UUID
	}{
		"more than an hour before":   {end.Add(-time.Hour - time.Microsecond), nil},
		"an hour before":             {end.Add(-time.Hour), []uuid.UUID{id}},
		"one microsecond before":     {end.Add(-time.Microsecond), []uuid.UUID{id}},
		"at the end, not closed yet": {end, nil},
	} {
		require.ElementsMatch(t, c.want, s.endingSoon(t, c.now, 10), name)
	}
	soon := s.keep(t, builders.Draft().Starting(2*time.Hour).Lasting(time.Hour).Published()).State
	scheduled := s.watch(t, newID(), soon.ID, builders.Epoch)
	start := soon.Terms.StartsAt
	require.NotContains(t, s.endingSoon(t, start.Add(-time.Microsecond), 10), scheduled, "it ends soon, but has not begun")
	require.Contains(t, s.endingSoon(t, start, 10), scheduled)
}

func endingSoonOrder(t *testing.T, s *subject) {
	member, now := newID(), builders.Epoch.Add(time.Minute)
	lasting := func(d time.Duration) *builders.Listing { return builders.Draft().Lasting(d) }
	late := s.keep(t, lasting(time.Hour+50*time.Second).Published()).State
	early := s.keep(t, lasting(time.Hour+10*time.Second).Published()).State
	frozen := s.keep(t, lasting(time.Hour).Published().Frozen()).State
	cancelled := s.keep(t, lasting(time.Hour).Published().Cancelled()).State
	told := s.watch(t, newID(), early.ID, builders.Epoch)
	var news bool
	require.NoError(t, s.do(t, s.announce(told, early.EndsAt, &news)))
	lateOne := s.watch(t, member, late.ID, builders.Epoch)
	earlyOnes := []uuid.UUID{s.watch(t, member, early.ID, builders.Epoch), s.watch(t, newID(), early.ID, builders.Epoch)}
	s.watch(t, member, frozen.ID, builders.Epoch)
	s.watch(t, member, cancelled.ID, builders.Epoch)
	slices.SortFunc(earlyOnes, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	want := append(earlyOnes, lateOne)
	for limit := range 4 {
		require.Equal(t, want[:limit], append([]uuid.UUID{}, s.endingSoon(t, now, limit)...))
	}
	require.Equal(t, want, s.endingSoon(t, now, 10))
}
