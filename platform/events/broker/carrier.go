package broker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
)

// Carrier is a delivery.Carrier over NATS JetStream.
type Carrier struct {
	settings Settings
	log      delivery.Log
	logger   *zap.Logger
	metrics  *Metrics

	more     chan struct{}         // there is something to publish
	back     chan struct{}         // NATS can be reached again
	gone     chan struct{}         // or not any more
	numbered atomic.Int64          // the number up to which the log has events
	position atomic.Int64          // the number up to which the stream has the same ones
	refusal  atomic.Pointer[error] // why no connection can be made, if somebody says so
	heard    heard
	trouble  *string // what was logged last, if something was; only the goroutine of Carry touches it
}

var _ delivery.Carrier = (*Carrier)(nil)

// NewCarrier returns a carrier of what is in the log. It connects when it is told to carry.
func NewCarrier(settings Settings, log delivery.Log, logger *zap.Logger, metrics *Metrics) *Carrier {
	c := &Carrier{
		settings: settings, log: log, logger: logger.Named("nats"), metrics: metrics,
		more: make(chan struct{}, 1), back: make(chan struct{}, 1), gone: make(chan struct{}, 1),
	}
	metrics.watch(c)
	return c
}

// Numbered says that there are events up to the number. It never waits.
func (c *Carrier) Numbered(last int64) {
	if raise(&c.numbered, last) {
		nudge(c.more)
	}
}

// behind returns how many events the log has and the stream has not.
func (c *Carrier) behind() int64 { return max(c.numbered.Load()-c.position.Load(), 0) }

// Carry connects, for as long as that takes and as often as it is needed, until ctx ends.
func (c *Carrier) Carry(ctx context.Context, arrived func(events.Numbered), doubted func()) {
	for ctx.Err() == nil {
		c.report(ctx, c.hold(ctx, arrived, doubted))
		c.pause(ctx, latest)
	}
}

// hold carries over one connection, which nats.go makes anew as often as it breaks. Errors: settings of which no connection
// can be made.
func (c *Carrier) hold(ctx context.Context, arrived func(events.Numbered), doubted func()) error {
	closed := make(chan struct{})
	conn, err := c.settings.connect(
		nats.RetryOnFailedConnect(true),
		nats.ConnectHandler(func(*nats.Conn) { nudge(c.back) }),
		nats.ReconnectHandler(func(*nats.Conn) { nudge(c.back) }),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { c.refusal.Store(refusalOf(err)) }),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { nudge(c.gone) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			c.logger.Warn("NATS reports an error", zap.Error(err))
		}),
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }),
	)
	if err != nil {
		return err
	}
	defer func() {
		conn.Close()
		<-closed
	}()
	js, err := jetstream.New(conn, jetstream.WithDefaultTimeout(answers), jetstream.WithPublishAsyncMaxPending(2*portion),
		jetstream.WithPublishAsyncTimeout(answers))
	if err != nil {
		return err
	}
	for ctx.Err() == nil && !conn.IsClosed() {
		err := c.unreachable()
		if conn.IsConnected() {
			c.refusal.Store(nil)
			err = c.session(ctx, js, arrived)
			c.metrics.connected.Set(0)
		}
		c.report(ctx, err)
		wait := time.Second
		if errors.Is(err, ErrForeign) {
			c.heard.cut(0)
			doubted()
			wait = 10 * time.Second
		}
		c.pause(ctx, wait)
	}
	return nil
}

var errUnreachable = errors.New("NATS cannot be reached")

// unreachable says that NATS cannot be reached, and why, where that is known.
func (c *Carrier) unreachable() error {
	if why := c.refusal.Load(); why != nil {
		return fmt.Errorf("%w: %w", errUnreachable, *why)
	}
	return errUnreachable
}

// refusalOf returns the error of an attempt to connect if it says what somebody has to put right, such as a password or a
// certificate; nil for one of the network, whose text differs each time.
func refusalOf(err error) *error {
	op, network := errors.AsType[*net.OpError](err)
	switch {
	case network && op.Op != "remote error", // which is an alert of TLS
		errors.Is(err, nats.ErrNoServers), errors.Is(err, nats.ErrTimeout), errors.Is(err, io.EOF):
		return nil
	}
	return &err
}

// session carries until something goes wrong, or ctx ends. Errors: what went wrong.
func (c *Carrier) session(ctx context.Context, js jetstream.JetStream, arrived func(events.Numbered)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	select {
	case <-c.gone: // before
	default:
	}
	s := &stream{Settings: c.settings, js: js, log: c.log}
	last, err := c.locate(ctx, s)
	if err != nil {
		return err
	}
	stop, err := c.listen(ctx, s, c.heard.from(last), arrived, cancel)
	if err != nil {
		return err
	}
	defer stop()
	c.metrics.connected.Set(1)
	c.report(ctx, nil)
	return c.relay(ctx, s)
}

// idle is how long a stream may be silent: NATS says within this time that it is there.
const idle = 5 * time.Second

// listen has every event from that number on told to arrived, in the order of the stream, until stop is called, and calls
// failed when that is over before.
func (c *Carrier) listen(
	ctx context.Context, s *stream, from int64, arrived func(events.Numbered), failed context.CancelCauseFunc,
) (stop func(), err error) {
	consumer, err := s.js.OrderedConsumer(ctx, s.Stream, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: uint64(from), InactiveThreshold: time.Minute,
		MaxResetAttempts: 3,
	})
	if err != nil {
		return nil, err
	}
	consuming, err := consumer.Consume(func(m jetstream.Msg) {
		meta, err := m.Metadata()
		if err != nil {
			return
		}
		e, err := decode(m.Headers(), m.Data(), meta.Sequence.Stream)
		if err != nil {
			c.logger.Warn("a message is passed over", zap.Error(err))
			return
		}
		c.metrics.received.Inc()
		c.heard.note(e)
		arrived(e)
	}, jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) { failed(err) }), jetstream.PullHeartbeat(idle))
	if err != nil {
		return nil, err
	}
	return consuming.Stop, nil
}

// report logs what goes wrong once, however long it lasts.
func (c *Carrier) report(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	text := ""
	if err != nil {
		text = err.Error()
	}
	switch {
	case c.trouble != nil && text == *c.trouble:
	case err == nil:
		c.logger.Info("events travel through NATS", zap.String("servers", c.settings.Servers()), zap.String("stream", c.settings.Stream))
	default:
		c.logger.Warn("events do not travel through NATS; servers poll for them", zap.String("servers", c.settings.Servers()),
			zap.String("stream", c.settings.Stream), zap.Error(err))
	}
	c.trouble = &text
}

// pause waits for about that long, or until NATS can be reached again.
func (c *Carrier) pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait/2 + rand.N(wait))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-c.back:
	}
}

// raise makes n the value if it is greater, and reports whether it is.
func raise(value *atomic.Int64, n int64) bool {
	for {
		old := value.Load()
		if n <= old {
			return false
		}
		if value.CompareAndSwap(old, n) {
			return true
		}
	}
}

// nudge leaves a sign in a channel of one, unless there is one already.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
