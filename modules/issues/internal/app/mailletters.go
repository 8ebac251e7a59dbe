package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/mail"
)

// grace is for how long a letter that is on its way may take after the program was told to stop.
const grace = 5 * time.Second

// MailLetters mails letters to visitors when they are due. Any number of servers may do so.
//
// It works as the mailing of members' notices does, in two units of work around what leaves the house: the first takes the
// letter for this server, and gives its issue the hash of the secret in its link; the second forgets the letter. Whoever is
// killed between them has it sent once more when his hold is over, with the same Message-ID; nothing is sent twice otherwise.
//
// No secret is ever stored. That of a letter is made of its id and a key which only this process knows, so that a letter
// which is tried again says the same. When another process sends it again its link is another one, and both are good.
type MailLetters struct {
	desk     *Desk
	letters  domain.Letters
	schedule Schedule
	mail     VisitorMail
	hold     time.Duration
	patience mail.Patience

	mu  sync.Mutex
	key *domain.Secret // drawn when the first letter is mailed
}

// NewMailLetters returns the use case. A mail must not take longer than half of hold.
func NewMailLetters(desk *Desk, schedule Schedule, to VisitorMail, hold time.Duration, patience mail.Patience) *MailLetters {
	return &MailLetters{desk: desk, letters: desk.letters, schedule: schedule, mail: to, hold: hold, patience: patience}
}

// LetterOutcome is what became of a letter that was due.
type LetterOutcome string

// The outcomes.
const (
	LetterSent    LetterOutcome = "sent"     // a mail server took it
	LetterFailed  LetterOutcome = "failed"   // it is tried again later
	LetterPut     LetterOutcome = "put_back" // no mail server was ready; it is due as it was before
	LetterGivenUp LetterOutcome = "given_up" // it failed too often, or was refused for good
	LetterDropped LetterOutcome = "dropped"  // it has nothing to say any more
	LetterPassed  LetterOutcome = "passed"   // another server has it, or it is not due any more
)

// LetterReport tells of one letter what may be logged.
type LetterReport struct {
	Outcome LetterOutcome
	Letter  uuid.UUID
	// Domain is that of the address; empty where it was not looked up.
	Domain string
	// Attempts counts how often it was tried.
	Attempts int
	// Failure is why it failed; nil if it did not.
	Failure error
}

// Next returns when a letter is to be tried, which may be in the past, and false if there is none. Errors: what the store
// reports.
func (u *MailLetters) Next(ctx context.Context) (time.Time, bool, error) { return u.schedule.Next(ctx) }

// Due returns the letters that are to be tried now, at most limit, those that are overdue longest first. Errors: what the
// store reports.
func (u *MailLetters) Due(ctx context.Context, limit int) ([]uuid.UUID, error) {
	return u.schedule.Due(ctx, u.desk.clock.Now(), limit)
}

// taken is a letter that this server mails.
type taken struct {
	letter       VisitorLetter
	attempts     int
	written, due time.Time     // when it was written, and due before it was taken
	outcome      LetterOutcome // what became of it already; empty if it is to be mailed
}

// Do mails the letter, if it is still due and has something to say. The report tells how that went. Errors: that of the
// source of secrets; uow.ErrBusy, uow.ErrOutcomeUnknown, what the stores report; then the letter waits for its next attempt,
// and was mailed perhaps.
func (u *MailLetters) Do(ctx context.Context, id uuid.UUID) (LetterReport, error) {
	report := LetterReport{Letter: id}
	secret, err := u.secret(id)
	if err != nil {
		return report, fmt.Errorf("mail the letter %s: %w", id, err)
	}
	t, err := u.take(ctx, id, secret)
	if err != nil {
		return report, fmt.Errorf("take the letter %s to be mailed: %w", id, err)
	}
	report.Attempts, report.Outcome = t.attempts, t.outcome
	if t.outcome != "" {
		return report, nil
	}
	report.Domain = mail.Domain(t.letter.To)
	report.Failure = u.send(ctx, t.letter)
	outcome, change := u.judge(t, report.Failure)
	report.Outcome = outcome
	// Whoever stops the server does not make it forget what it has sent.
	if err := u.note(context.WithoutCancel(ctx), id, change); err != nil {
		return report, fmt.Errorf("note what became of the letter %s (%s): %w", id, outcome, err)
	}
	return report, nil
}

// secret makes the secret in the link of the letter. Errors: that of the source of secrets.
func (u *MailLetters) secret(letter uuid.UUID) (s domain.Secret, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.key == nil {
		key, err := u.desk.secret()
		if err != nil {
			return domain.Secret{}, err
		}
		u.key = &key
	}
	mac := hmac.New(sha256.New, u.key[:])
	mac.Write(letter[:])
	mac.Sum(s[:0])
	return s, nil
}

// take takes the letter for this server, if it is due.
func (u *MailLetters) take(ctx context.Context, id uuid.UUID, secret domain.Secret) (t taken, err error) {
	err = u.desk.work.Do(ctx, func(ctx context.Context) error {
		t = taken{outcome: LetterPassed}
		now := u.desk.clock.Now()
		letter, err := u.letters.Get(ctx, id)
		switch {
		case errors.Is(err, domain.ErrLetterNotFound), err == nil && !letter.Due(now):
			return nil
		case err != nil:
			return err
		}
		s := letter.State()
		written, err := u.write(ctx, s, secret, now)
		if errors.Is(err, domain.ErrIssueNotFound) {
			t.outcome = LetterDropped
			return u.letters.Remove(ctx, id)
		}
		if err != nil {
			return err
		}
		letter.Attempt(u.hold, now)
		t = taken{letter: written, attempts: s.Attempts + 1, written: s.WrittenAt, due: s.DueAt}
		return nil
	}, u.letters.Loads(id))
	return t, err
}

// write writes the letter as things are now, and has its issue know the secret. Errors: domain.ErrIssueNotFound for one that
// has nothing to say any more; what the store reports.
func (u *MailLetters) write(ctx context.Context, s domain.LetterState, secret domain.Secret, now time.Time) (VisitorLetter, error) {
	if s.Kind == domain.LetterNothing {
		return VisitorLetter{ID: s.ID, Kind: s.Kind, To: s.Email}, nil
	}
	issue, err := u.desk.issues.Get(ctx, s.Issue)
	if err != nil {
		return VisitorLetter{}, err
	}
	if s.Kind == domain.LetterConfirm {
		err = issue.SendConfirmation(secret, now)
	} else {
		err = issue.SendLink(secret)
	}
	about := issue.State()
	return VisitorLetter{
		ID: s.ID, Kind: s.Kind, To: about.Reporter.Email, Title: about.Title, Link: domain.MailedText(s.Issue, secret),
	}, err
}

// send hands the letter over, and survives whatever that does. A stop lets it arrive, for a while. Errors: those of a
// VisitorMail; that it panicked.
func (u *MailLetters) send(ctx context.Context, letter VisitorLetter) error {
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), u.hold/2)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })()
	return mail.HandOver(func() error { return u.mail.Mail(sending, letter) })
}

// judge says what became of a letter that was tried, and what is to be noted of it; nil if it is to be forgotten.
func (u *MailLetters) judge(t taken, failure error) (LetterOutcome, func(*domain.Letter)) {
	now := u.desk.clock.Now()
	switch {
	case failure == nil:
		return LetterSent, nil
	case Unmailable(failure):
		return LetterGivenUp, nil
	case errors.Is(failure, mail.ErrNoServer) && now.Before(t.written.Add(u.patience.Outage)):
		return LetterPut, func(l *domain.Letter) { l.PutBack(t.attempts, t.due) }
	}
	wait := u.patience.Wait(t.attempts)
	if wait == 0 {
		return LetterGivenUp, nil
	}
	return LetterFailed, func(l *domain.Letter) { l.Failed(wait, now) }
}

// Unmailable reports whether a letter failed for good: it cannot be written, or a server has refused it or its reader.
func Unmailable(failure error) bool {
	return errors.Is(failure, mail.ErrMalformed) || errors.Is(failure, mail.ErrRefused)
}

// note writes down what became of the letter.
func (u *MailLetters) note(ctx context.Context, id uuid.UUID, change func(*domain.Letter)) error {
	return u.desk.work.Do(ctx, func(ctx context.Context) error {
		letter, err := u.letters.Get(ctx, id)
		switch {
		case errors.Is(err, domain.ErrLetterNotFound): // another server was faster, after the hold
			return nil
		case err != nil:
			return err
		case change == nil:
			return u.letters.Remove(ctx, id)
		}
		change(letter)
		return nil
	}, u.letters.Loads(id))
}
