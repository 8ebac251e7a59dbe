package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/uow"
)

// Bell wakes whoever mails notices.
type Bell interface {
	// Ring rings when the unit of work in ctx has committed. Errors: uow.ErrNoUnit, uow.ErrEnded.
	Ring(ctx context.Context) error
}

// Notify is the profilesapi.Notices.
type Notify struct {
	work       *uow.Work
	notices    domain.Notices
	recipients Recipients
	bell       Bell
	clock      clock.Clock
	keep       time.Duration
}

// NewNotify returns the use case. News older than keep would be forgotten at once, and are not told any more.
func NewNotify(
	work *uow.Work, notices domain.Notices, recipients Recipients, bell Bell, c clock.Clock, keep time.Duration,
) *Notify {
	return &Notify{work: work, notices: notices, recipients: recipients, bell: bell, clock: c, keep: keep}
}

var _ profilesapi.Notices = (*Notify)(nil)

// Notify adds the notices to the unit of work in ctx, with two queries however many they are. Errors: as
// profilesapi.Notices.
func (u *Notify) Notify(ctx context.Context, notices ...profilesapi.Notice) error {
	if len(notices) == 0 {
		return nil
	}
	members, ids := make([]uuid.UUID, len(notices)), make([]uuid.UUID, 0, 2*len(notices))
	for i, n := range notices {
		members[i], ids = n.Member, append(ids, n.ID)
		if !n.MailAt.IsZero() {
			ids = append(ids, further(n))
		}
	}
	wants, err := u.recipients.Recipients(ctx, members)
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return u.work.Do(ctx, func(ctx context.Context) error { // which is part of the unit in ctx, and loads what it announces
		now := u.clock.Now()
		for _, n := range notices {
			if err := u.tell(ctx, n, wants, now); err != nil {
				return fmt.Errorf("notify %s of %s: %w", n.Member, n.ID, err)
			}
		}
		return u.bell.Ring(ctx)
	}, u.notices.Loads(ids...))
}

// tell adds one notice, or replaces the words of the one that is there, or takes that one away if both together are no news.
// Gathered news that is too late for that is one of
// its own, whose mail leaves at once.
func (u *Notify) tell(
	ctx context.Context, n profilesapi.Notice, wants map[uuid.UUID]RecipientRecord, now time.Time,
) error {
	kind := domain.NoticeKind(n.Kind)
	recipient, active := wants[n.Member]
	to := domain.Channels{Mailed: !slices.Contains(recipient.Muted, kind), Listed: !slices.Contains(recipient.Unlisted, kind)}
	news := domain.News{Kind: kind, Subject: n.Subject, Text: n.Text, About: n.About, Path: n.Path, At: n.At}
	fresh, err := domain.NewNotice(n.ID, n.Member, news, to, n.MailAt, now)
	if err != nil { // whoever is told, since others would be told wrongly, too
		return err
	}
	if !active {
		return nil
	}
	there, err := u.notices.Get(ctx, n.ID)
	switch {
	case err == nil && !n.MailAt.IsZero() && n.Member == there.Member() && there.Overtaken(n.At):
		n.ID, n.MailAt = further(n), time.Time{}
		return u.tell(ctx, n, wants, now)
	case err == nil && n.Undoes && n.Member == there.Member() && !there.Seen():
		return u.notices.Remove(ctx, n.ID)
	case err == nil:
		return there.Retell(n.Member, news, n.MailAt, now)
	case !errors.Is(err, domain.ErrNoticeNotFound):
		return err
	case !to.Mailed && !to.Listed, n.At.Before(now.Add(-u.keep)):
		return nil
	}
	return u.notices.Add(ctx, fresh)
}

// further makes the identity of gathered news that came when the mail with what was gathered before may have left. It is
// made of both and of when it happened, so that telling it again is noticed.
func further(n profilesapi.Notice) uuid.UUID {
	return uuid.NewSHA1(n.ID, strconv.AppendInt(nil, n.At.UnixMicro(), 10))
}
