package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// MaxReadAtOnce is how many notices one command reads at most.
const MaxReadAtOnce = 1000

// ReadNotices notes which notices a member has read.
type ReadNotices struct {
	house   *House
	notices domain.Notices
}

// NewReadNotices returns the use case.
func NewReadNotices(house *House, notices domain.Notices) *ReadNotices {
	return &ReadNotices{house: house, notices: notices}
}

// ReadNoticeCommand says which notice was read.
type ReadNoticeCommand struct {
	By     identity.Caller
	Notice uuid.UUID
	// Key makes the command safe to repeat.
	Key string
}

// Do notes that the notice was read; once read it stays so. Errors: as stillHas; domain.ErrNoticeNotFound, also for another
// member's and for one that is not in the list; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ReadNotices) Do(ctx context.Context, cmd ReadNoticeCommand) error {
	h := u.house
	return silently(ctx, h, request{operation: "read notice", by: cmd.By.ID, key: cmd.Key, body: cmd.Notice},
		func(ctx context.Context, now time.Time) (letter, error) {
			if err := h.stillHas(ctx, cmd.By); err != nil {
				return nil, err
			}
			notice, err := u.notices.Get(ctx, cmd.Notice)
			switch {
			case err != nil:
				return nil, err
			case notice.Member() != cmd.By.ID, !notice.State().Listed:
				return nil, domain.ErrNoticeNotFound
			}
			notice.Read(now)
			return nil, nil
		})
}

// All notes that the newest MaxReadAtOnce of the member's unread notices were read, and returns how many those were. Errors:
// as stillHas; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *ReadNotices) All(ctx context.Context, by identity.Caller, key string) (int, error) {
	h := u.house
	unread, err := h.views.UnreadNotices(ctx, by.ID, MaxReadAtOnce)
	if err != nil {
		return 0, err
	}
	read := func(ctx context.Context, now time.Time) (n int, post letter, err error) {
		if err := h.stillHas(ctx, by); err != nil {
			return 0, nil, err
		}
		err = h.work.Do(ctx, func(ctx context.Context) error { // which loads them together
			for _, id := range unread {
				notice, err := u.notices.Get(ctx, id)
				switch {
				case errors.Is(err, domain.ErrNoticeNotFound): // forgotten meanwhile
					continue
				case err != nil:
					return err
				}
				notice.Read(now)
				n++
			}
			return nil
		}, u.notices.Loads(unread...))
		return n, nil, err
	}
	return do(ctx, h, request{operation: "read all notices", by: by.ID, key: key}, read)
}
