package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/mail"
)

// MailNotices mails notices when they are due. Any number of servers may do so.
//
// What leaves the house cannot be part of a unit of work. So there are two around it: the first takes the notice for this
// server, and looks once more whether the member wants it and where he gets it; the second notes that it was sent. Whoever
// is killed between them has it sent once more when his hold is over, with the same Message-ID; nothing is sent twice
// otherwise.
type MailNotices struct {
	house      *House
	notices    domain.Notices
	recipients Recipients
	mail       NoticeMail
	hold       time.Duration
	patience   MailPatience
}

// NewMailNotices returns the use case. A mail must not take longer than half of hold.
func NewMailNotices(
	house *House, notices domain.Notices, recipients Recipients, mail NoticeMail, hold time.Duration, patience MailPatience,
) *MailNotices {
	return &MailNotices{house: house, notices: notices, recipients: recipients, mail: mail, hold: hold, patience: patience}
}

// Due returns the notices whose mails are due next, in the order of their time, at most limit. Errors: what the store
// reports.
func (u *MailNotices) Due(ctx context.Context, limit int) ([]MailDue, error) {
	return u.house.views.MailDue(ctx, limit)
}

// claim is a notice that this server mails.
type claim struct {
	letter   NoticeLetter
	attempts int
	at, due  time.Time   // of what it tells, and of the mail before it was taken
	outcome  MailOutcome // what became of it already; empty if it is to be mailed
}

// Do mails the notice, if it is still due and wanted. The report tells how that went. Errors: uow.ErrBusy,
// uow.ErrOutcomeUnknown, what the stores report; then the notice waits for its next attempt, and was mailed perhaps.
func (u *MailNotices) Do(ctx context.Context, id uuid.UUID) (MailReport, error) {
	report := MailReport{Notice: id}
	c, err := u.claim(ctx, id)
	if err != nil {
		return report, fmt.Errorf("take the notice %s to be mailed: %w", id, err)
	}
	report.Attempts, report.Outcome = c.attempts, c.outcome
	if c.outcome != "" {
		return report, nil
	}
	report.Domain = c.letter.To[strings.LastIndexByte(c.letter.To, '@')+1:]
	report.Failure = u.send(ctx, c.letter)
	var became func(*domain.Notice)
	report.Outcome, became = u.judge(c, report.Failure)
	// Whoever stops the server does not make it forget what it has sent.
	if err := u.note(context.WithoutCancel(ctx), id, became); err != nil {
		return report, fmt.Errorf("note that the notice %s was mailed (%s): %w", id, report.Outcome, err)
	}
	return report, nil
}

// judge says what became of a mail that was tried, and what its notice is to note of it.
func (u *MailNotices) judge(c claim, failure error) (MailOutcome, func(*domain.Notice)) {
	now := u.house.clock.Now()
	switch {
	case failure == nil:
		return MailSent, func(n *domain.Notice) { n.Sent(now) }
	case errors.Is(failure, ErrNoServer) && now.Before(c.at.Add(u.patience.Outage)):
		return MailPut, func(n *domain.Notice) { n.PutBack(c.attempts, c.due) }
	case errors.Is(failure, ErrUnmailable):
		return MailGivenUp, func(n *domain.Notice) { n.Failed(failure.Error(), 0, now) }
	}
	wait, outcome := u.patience.Wait(c.attempts), MailFailed
	if wait == 0 {
		outcome = MailGivenUp
	}
	return outcome, func(n *domain.Notice) { n.Failed(failure.Error(), wait, now) }
}

// claim takes the notice for this server, if it is due.
func (u *MailNotices) claim(ctx context.Context, id uuid.UUID) (c claim, err error) {
	h := u.house
	err = h.work.Do(ctx, func(ctx context.Context) error {
		c = claim{outcome: MailPassed}
		now := h.clock.Now()
		notice, err := u.notices.Get(ctx, id)
		switch {
		case errors.Is(err, domain.ErrNoticeNotFound), err == nil && !notice.DueForMail(now):
			return nil
		case err != nil:
			return err
		}
		state := notice.State()
		found, err := u.recipients.Recipients(ctx, []uuid.UUID{state.Member})
		if err != nil {
			return err
		}
		to, active := found[state.Member]
		if !active || !to.Verified || slices.Contains(to.Muted, state.Kind) {
			notice.DropMail()
			c.outcome = MailDropped
			return nil
		}
		key, err := u.key(ctx, state.Member, to.Key)
		if err != nil {
			return err
		}
		notice.Attempt(u.hold, now)
		c = claim{
			letter: NoticeLetter{
				ID: id, To: to.Email, Handle: to.Handle, Subject: state.Subject, Text: state.Text, Path: state.Path,
			},
			attempts: notice.State().Attempts, at: state.At, due: state.DueAt,
		}
		if !state.Kind.Security() {
			c.letter.Unsubscribe = domain.NewUnsubscription(key, state.Member, state.Kind).String()
		}
		return nil
	}, u.notices.Loads(id))
	return c, err
}

// key returns the member's key, and has a new one kept if there is none.
func (u *MailNotices) key(ctx context.Context, member uuid.UUID, key domain.Secret) (domain.Secret, error) {
	if key != (domain.Secret{}) {
		return key, nil
	}
	settings, err := u.house.Settings.Get(ctx, member)
	if err != nil {
		return domain.Secret{}, err
	}
	fresh, err := u.house.secret()
	if err != nil {
		return domain.Secret{}, err
	}
	settings.KeepKey(fresh)
	return settings.State().Key, nil
}

// send hands the letter over, and survives whatever that does. Errors: those of a NoticeMail; that it panicked.
func (u *MailNotices) send(ctx context.Context, letter NoticeLetter) error {
	ctx, cancel := context.WithTimeout(ctx, u.hold/2)
	defer cancel()
	return mail.HandOver(func() error { return u.mail.Mail(ctx, letter) })
}

// note writes down what became of the mail.
func (u *MailNotices) note(ctx context.Context, id uuid.UUID, became func(*domain.Notice)) error {
	h := u.house
	return h.work.Do(ctx, func(ctx context.Context) error {
		notice, err := u.notices.Get(ctx, id)
		switch {
		case errors.Is(err, domain.ErrNoticeNotFound): // its member was deleted meanwhile
			return nil
		case err != nil:
			return err
		}
		became(notice)
		return nil
	}, u.notices.Loads(id))
}
