package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/uow"
)

// EndsSoon is how long before its end a watched listing ends soon.
type EndsSoon time.Duration

// near reports whether the end is no further away than that.
func (s EndsSoon) near(end, now time.Time) bool { return end.Sub(now) <= time.Duration(s) }

// holds reports whether the listing is open, goes on, and ends soon.
func (s EndsSoon) holds(l domain.State, now time.Time) bool {
	return !l.Frozen && l.Phase().At(now) == domain.StatusOpen && s.near(l.EndsAt, now)
}

// watchersAtOnce is how many watchers are told in one unit of work.
const watchersAtOnce = 100

// TellWatchers tells members once that a listing that they watch ends soon. However many servers run it, each watcher is
// told once: that he was is part of his watch, and changes with the notice.
type TellWatchers struct {
	market  *Market
	watches domain.Watches
	untold  Untold
	notices profilesapi.Notices
	soon    EndsSoon
	words   Words
}

// NewTellWatchers returns the use case.
func NewTellWatchers(
	market *Market, watches domain.Watches, untold Untold, notices profilesapi.Notices, soon EndsSoon, words Words,
) *TellWatchers {
	return &TellWatchers{market: market, watches: watches, untold: untold, notices: notices, soon: soon, words: words}
}

// Do tells everybody who is to be told, those of the soonest end first, and returns how many that were. One who cannot be
// told does not hold up the others. Errors: what the store reports, joined with the errors of single watches.
func (u *TellWatchers) Do(ctx context.Context) (int, error) {
	told := 0
	left := uow.Leftover{} // who stays untold after it was tried, and why
	for {
		now := u.market.clock.Now()
		ids, err := u.untold.EndingSoon(ctx, now, now.Add(time.Duration(u.soon)), watchersAtOnce+len(left))
		if err != nil {
			return told, fmt.Errorf("look for listings that end soon: %w", err)
		}
		ids = left.Untried(ids)
		if len(ids) == 0 {
			return told, left.Reasons("watch")
		}
		did := make([]bool, len(ids))
		for i, err := range u.market.work.DoAll(ctx, u.commands(ids, did)) {
			if err != nil || !did[i] {
				left[ids[i]] = err
				continue
			}
			told++
		}
		if err := ctx.Err(); err != nil {
			return told, err
		}
	}
}

// commands tell one watcher each, and note whether they did.
func (u *TellWatchers) commands(ids []uuid.UUID, did []bool) []uow.Command {
	all := make([]uow.Command, len(ids))
	for i, id := range ids {
		all[i] = uow.Command{
			Run: func(ctx context.Context) (err error) {
				did[i], err = u.tell(ctx, id)
				return err
			},
			Hints: []uow.Hint{u.watches.Loads(id)},
		}
	}
	return all
}

// tell tells one watcher, and reports whether it did. It does not when another server was faster, when he has stopped
// watching, and when the listing was frozen or has ended meanwhile.
func (u *TellWatchers) tell(ctx context.Context, id uuid.UUID) (bool, error) {
	watch, err := u.watches.Get(ctx, id)
	switch {
	case errors.Is(err, domain.ErrNotWatched):
		return false, nil
	case err != nil:
		return false, err
	}
	listing, err := u.market.listings.Peek(ctx, watch.State().Listing)
	if err != nil {
		return false, err
	}
	now, state := u.market.clock.Now(), listing.State()
	if !u.soon.holds(state, now) || !watch.Announce(state.EndsAt) {
		return false, nil
	}
	return true, u.notices.Notify(ctx, u.words.endsSoon(watch.State().Member, state, now))
}
