// Package postman sends letters off the request's path.
package postman

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/mail"
)

// Settings are the limits of a Postman.
type Settings struct {
	// Queue is how many letters wait at most.
	Queue int
	// Timeout bounds the delivery of one letter.
	Timeout time.Duration
}

// Postman is the mail.Post that sends one letter after the other, each once: one that cannot be sent is logged, without
// its content and with no more of the address than the domain, and counted. It is safe for concurrent use.
type Postman struct {
	mailer   mail.Mailer
	settings Settings
	log      *zap.Logger
	metrics  *Metrics

	mu     sync.Mutex
	closed bool // no letter is taken any more
	queue  chan mail.Draft
	cancel context.CancelFunc
	ended  chan struct{}
}

var _ mail.Post = (*Postman)(nil)

// NewPostman returns a Postman that takes letters at once and sends them once it was started.
func NewPostman(mailer mail.Mailer, s Settings, log *zap.Logger, metrics *Metrics) *Postman {
	return &Postman{
		mailer: mailer, settings: s, log: log.Named("mail"), metrics: metrics, queue: make(chan mail.Draft, s.Queue),
	}
}

// Post takes the letter. One that comes when the queue is full, or after Stop, is dropped.
func (p *Postman) Post(letter mail.Draft) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		p.drop(letter, "the program stops")
		return
	}
	select {
	case p.queue <- letter:
	default:
		p.drop(letter, "too many letters wait")
	}
}

// Start sends letters until Stop. The context is only for starting. It is called once at most.
func (p *Postman) Start(context.Context) error {
	life, cancel := context.WithCancel(context.Background())
	p.cancel, p.ended = cancel, make(chan struct{})
	go func() {
		defer close(p.ended)
		p.run(life)
	}()
	return nil
}

// Stop takes no more letters, and returns when those that wait are sent. Those that are not when ctx ends are dropped.
// Errors: the context's, when letters were dropped because of it.
func (p *Postman) Stop(ctx context.Context) error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.queue)
	}
	p.mu.Unlock()
	if p.cancel == nil { // never started
		for letter := range p.queue {
			p.drop(letter, "the program stops")
		}
		return nil
	}
	defer p.cancel()
	select {
	case <-p.ended:
		return nil
	case <-ctx.Done():
		p.cancel()
		<-p.ended
		return fmt.Errorf("send the letters that wait: %w", context.Cause(ctx))
	}
}

// run sends what is in the queue until it is closed and empty.
func (p *Postman) run(life context.Context) {
	for letter := range p.queue {
		if life.Err() != nil {
			p.drop(letter, "the program stops")
			continue
		}
		p.deliver(life, letter)
	}
}

// deliver sends one letter and notes how that went.
func (p *Postman) deliver(life context.Context, letter mail.Draft) {
	ctx, cancel := context.WithTimeout(life, p.settings.Timeout)
	defer cancel()
	if err := p.send(ctx, letter); err != nil {
		p.metrics.failed.Inc()
		p.log.Warn("a letter could not be sent", append(about(letter), zap.Error(err))...)
		return
	}
	p.metrics.sent.Inc()
}

// send writes the letter, hands it to the Mailer, and survives whatever that does. Errors: the Mailer's; that it panicked.
func (p *Postman) send(ctx context.Context, letter mail.Draft) error {
	return mail.HandOver(func() error { return p.mailer.Send(ctx, letter.Write()) })
}

func (p *Postman) drop(letter mail.Draft, why string) {
	p.metrics.dropped.Inc()
	p.log.Warn("a letter was dropped", append(about(letter), zap.String("reason", why))...)
}

// about returns what may be logged of a letter.
func about(letter mail.Draft) []zap.Field {
	return []zap.Field{zap.String("letter", letter.ID), zap.String("domain", mail.Domain(letter.To))}
}
