package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/stack"
)

const (
	// patience is the longest that the PostOffice sleeps: notices of other servers are noticed after that.
	patience = 5 * time.Second
	// portion is how many notices it looks up at once.
	portion = 100
	// hopeless is after how many failures of the stores a round ends; the next one passes these over.
	hopeless = 3
	// rest is the pause after a mail that failed, which doubles with each further one up to longestRest: a mail server that
	// is down is asked once a minute, and does not use up the attempts of all that waits.
	rest, longestRest = time.Second, time.Minute
)

// Work is what the PostOffice has to do; app.MailNotices is it.
type Work interface {
	// Due returns the notices whose mails are to be tried next, at most limit, by time. Errors: what the store reports.
	Due(ctx context.Context, limit int) ([]app.MailDue, error)
	// Do mails one of them and reports how that went. Errors: what the stores report.
	Do(ctx context.Context, notice uuid.UUID) (app.MailReport, error)
}

var _ Work = (*app.MailNotices)(nil)

// PostOffice mails notices when they are due, one after the other. Any number of servers may run one each.
type PostOffice struct {
	work    Work
	bell    *Bell
	clock   clock.Clock
	log     *zap.Logger
	metrics *Metrics

	trouble   string   // what went wrong last time; empty if nothing did
	failed    []broken // what is passed over in the next round, since too much failed in the last one
	pause     time.Duration
	restUntil time.Time
	stop      chan struct{} // closed when no further mail is to be begun
	cancel    context.CancelFunc
	ended     chan struct{}
}

// NewPostOffice returns a PostOffice that has not started.
func NewPostOffice(work Work, bell *Bell, c clock.Clock, log *zap.Logger, metrics *Metrics) *PostOffice {
	return &PostOffice{
		work: work, bell: bell, clock: c, log: log.Named("notices"), metrics: metrics, stop: make(chan struct{}),
	}
}

// Start mails notices until Stop. It is called once at most.
func (p *PostOffice) Start() {
	life, cancel := context.WithCancel(context.Background())
	p.cancel, p.ended = cancel, make(chan struct{})
	go func() {
		defer close(p.ended)
		p.run(life)
	}()
}

// Stop begins no further mail and returns when the one that is on its way was taken; when ctx ends before, it is
// interrupted, and tried again later. It is called once at most.
func (p *PostOffice) Stop(ctx context.Context) {
	if p.cancel == nil {
		return
	}
	defer p.cancel()
	close(p.stop)
	select {
	case <-p.ended:
	case <-ctx.Done():
		p.cancel()
		<-p.ended
	}
}

func (p *PostOffice) run(ctx context.Context) {
	for {
		timer := p.clock.NewTimer(p.turn(ctx))
		select {
		case <-p.stop:
			timer.Stop()
			return
		case <-timer.C():
		case <-p.bell.rung:
			timer.Stop()
		}
	}
}

// stopped reports whether no further mail is to be begun.
func (p *PostOffice) stopped() bool {
	select {
	case <-p.stop:
		return true
	default:
		return false
	}
}

// turn mails what is due and returns how long to sleep then.
func (p *PostOffice) turn(ctx context.Context) time.Duration {
	for !p.stopped() {
		if wait := p.restUntil.Sub(p.clock.Now()); wait > 0 {
			return wait
		}
		wait, err := p.round(ctx)
		p.report(ctx, err)
		switch {
		case err != nil:
			return patience
		case wait > 0:
			return min(wait, patience)
		}
	}
	return patience
}

// round mails a portion of what is due and returns how long there is nothing more to do; 0 if there may be something.
func (p *PostOffice) round(ctx context.Context) (time.Duration, error) {
	due, err := p.due(ctx)
	if err != nil {
		return 0, err
	}
	if len(due) == 0 {
		p.metrics.lateBy(0)
		return patience, nil
	}
	p.metrics.lateBy(p.clock.Now().Sub(due[0].At))
	passed, fresh := p.failed, 0
	p.failed = nil
	failed := passed
	for _, d := range due {
		if slices.ContainsFunc(passed, func(b broken) bool { return b.id == d.ID }) {
			continue // it had its turn, and may keep all others from theirs
		}
		wait := d.At.Sub(p.clock.Now())
		if wait > 0 || p.stopped() {
			return wait, joined(failed)
		}
		report, err := p.do(ctx, d.ID)
		p.metrics.count(report.Outcome)
		p.tell(report)
		if err != nil { // one that is broken must not keep the others waiting
			failed, fresh = append(failed, broken{d.ID, err}), fresh+1
		}
		if fresh == hopeless {
			p.failed = failed
			break
		}
		if p.tired(report) {
			break
		}
	}
	return 0, joined(failed)
}

// broken is a notice that could not be dealt with, and why.
type broken struct {
	id  uuid.UUID
	err error
}

func joined(failed []broken) error {
	var all []error
	for _, b := range failed {
		all = append(all, b.err)
	}
	return errors.Join(all...)
}

// due is Work.Due. Errors: its own, a *panicError.
func (p *PostOffice) due(ctx context.Context) (due []app.MailDue, err error) {
	defer survive(&err)
	return p.work.Due(ctx, portion)
}

// do is Work.Do. Errors: its own, a *panicError.
func (p *PostOffice) do(ctx context.Context, id uuid.UUID) (report app.MailReport, err error) {
	defer survive(&err)
	return p.work.Do(ctx, id)
}

// survive makes an error of a panic. It is to be deferred.
func survive(err *error) {
	if value := recover(); value != nil {
		*err = &panicError{value: value, stack: []byte(stack.Text())}
	}
}

// panicError is a panic that was survived.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// tired reports whether the PostOffice is to rest after the mail, because a mail server did not take it. A letter that can
// never be sent says nothing of the server.
func (p *PostOffice) tired(report app.MailReport) bool {
	switch {
	case report.Failure == nil && report.Outcome == app.MailSent:
		p.pause = 0
		return false
	case report.Failure == nil, errors.Is(report.Failure, app.ErrUnmailable):
		return false
	}
	p.pause = min(max(2*p.pause, rest), longestRest)
	p.restUntil = p.clock.Now().Add(p.pause)
	return true
}

// tell logs what went wrong with a mail, without its content and with no more of the address than the domain.
func (p *PostOffice) tell(report app.MailReport) {
	if report.Failure == nil {
		return
	}
	about := []zap.Field{
		zap.Stringer("notice", report.Notice), zap.String("domain", report.Domain), zap.Int("attempts", report.Attempts),
		zap.Error(report.Failure),
	}
	if report.Outcome == app.MailGivenUp {
		p.log.Error("a notice could not be mailed and is given up", about...)
		return
	}
	p.log.Warn("a notice could not be mailed and is tried again", about...)
}

// report logs what else goes wrong, since nobody else is told: once, however many turns it lasts.
func (p *PostOffice) report(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return // what a stop interrupts is no trouble
	}
	trouble := ""
	if err != nil {
		trouble = err.Error()
	}
	var panicked *panicError
	switch {
	case trouble == p.trouble:
	case trouble == "":
		p.log.Info("notices are mailed again")
	case errors.As(err, &panicked):
		p.log.Error("mailing notices panicked", zap.Error(err), zap.ByteString("stack", panicked.stack))
	default:
		p.log.Error("cannot mail notices", zap.Error(fmt.Errorf("mail notices: %w", err)))
	}
	p.trouble = trouble
}
