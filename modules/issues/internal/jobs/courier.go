package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/timekeeper"
)

const (
	// portion is how many letters are mailed in one turn.
	portion = 100
	// rest is the pause after a letter that failed, which doubles with each further one up to longestRest: a mail server that
	// is down is asked once a minute, and does not use up the attempts of all that waits.
	rest, longestRest = time.Second, time.Minute
)

// Letters are what the Courier mails; app.MailLetters is it.
type Letters interface {
	// Next returns when a letter is to be tried, and false if there is none. Errors: what the store reports.
	Next(ctx context.Context) (time.Time, bool, error)
	// Due returns the letters that are to be tried now, at most limit. Errors: what the store reports.
	Due(ctx context.Context, limit int) ([]uuid.UUID, error)
	// Do mails one of them and reports how that went. Errors: what the stores report.
	Do(ctx context.Context, letter uuid.UUID) (app.LetterReport, error)
}

var _ Letters = (*app.MailLetters)(nil)

// Courier mails letters to visitors, one after the other. It is the work of a timekeeper.
type Courier struct {
	letters Letters
	clock   clock.Clock
	log     *zap.Logger
	mailed  *prometheus.CounterVec

	pause     time.Duration
	restUntil time.Time
}

var _ timekeeper.Work = (*Courier)(nil)

// NewCourier returns a Courier. He begins a moment later, so that no start waits for a mail server. Errors: when a metric of
// the same name is registered already.
func NewCourier(letters Letters, c clock.Clock, log *zap.Logger, registerer prometheus.Registerer) (*Courier, error) {
	mailed := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "issues_letters_total",
		Help: "Letters to visitors by what this server made of them: sent (a mail server took them), failed (tried again later), " +
			"put_back (no mail server was ready; tried again soon), given_up (failed too often, or refused for good), dropped " +
			"(nothing to say any more).",
	}, []string{"result"})
	if err := registerer.Register(mailed); err != nil {
		return nil, fmt.Errorf("register the metrics of letters: %w", err)
	}
	for _, o := range []app.LetterOutcome{app.LetterSent, app.LetterFailed, app.LetterPut, app.LetterGivenUp, app.LetterDropped} {
		mailed.WithLabelValues(string(o))
	}
	return &Courier{letters: letters, clock: c, log: log.Named("letters"), mailed: mailed, restUntil: c.Now().Add(rest)}, nil
}

// Mailing is the timekeeper of a Courier.
type Mailing struct{ *timekeeper.Timekeeper }

// NewMailing returns a Mailing that has not started. Errors: when metrics of the same name are registered already.
func NewMailing(courier *Courier, c clock.Clock, log *zap.Logger, registerer prometheus.Registerer) (*Mailing, error) {
	metrics, err := timekeeper.NewMetrics(registerer, "issues_letters")
	if err != nil {
		return nil, err
	}
	return &Mailing{timekeeper.New("mail letters to visitors", courier, c, log, metrics)}, nil
}

// Next returns when a letter is to be tried, but not while the Courier rests. Errors: what the store reports.
func (c *Courier) Next(ctx context.Context) (time.Time, bool, error) {
	next, planned, err := c.letters.Next(ctx)
	if planned && next.Before(c.restUntil) {
		next = c.restUntil
	}
	return next, planned, err
}

// Do mails a portion of what is due and returns how many letters a server took. One that fails does not keep the others
// waiting, but for the rest after it. Errors: what the stores report, joined.
func (c *Courier) Do(ctx context.Context) (int, error) {
	due, err := c.letters.Due(ctx, portion)
	if err != nil {
		return 0, err
	}
	sent := 0
	var failed []error
	for _, id := range due {
		if err := context.Cause(ctx); err != nil {
			return sent, err
		}
		report, err := c.letters.Do(ctx, id)
		if err != nil {
			failed = append(failed, err)
		}
		c.tell(report)
		if report.Outcome == app.LetterSent {
			sent++
		}
		if c.tired(report) {
			break
		}
	}
	return sent, errors.Join(failed...)
}

// tired reports whether the Courier is to rest after the letter, because a mail server did not take it. One that can never be
// sent says nothing of the server.
func (c *Courier) tired(report app.LetterReport) bool {
	switch {
	case report.Outcome == app.LetterSent:
		c.pause = 0
		return false
	case report.Failure == nil, app.Unmailable(report.Failure):
		return false
	}
	c.pause = min(max(2*c.pause, rest), longestRest)
	c.restUntil = c.clock.Now().Add(c.pause)
	return true
}

// tell counts the letter, and logs what went wrong with it: without its content and with no more of the address than the
// domain.
func (c *Courier) tell(report app.LetterReport) {
	if report.Outcome != app.LetterPassed && report.Outcome != "" {
		c.mailed.WithLabelValues(string(report.Outcome)).Inc()
	}
	if report.Failure == nil {
		return
	}
	about := []zap.Field{
		zap.Stringer("letter", report.Letter), zap.String("domain", report.Domain), zap.Int("attempts", report.Attempts),
		zap.Error(report.Failure),
	}
	if report.Outcome == app.LetterGivenUp {
		c.log.Error("a letter could not be mailed and is given up", about...)
		return
	}
	c.log.Warn("a letter could not be mailed and is tried again", about...)
}
