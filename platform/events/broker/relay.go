package broker

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/gavelhq/gavel/platform/events"
)

// portion is how many events are published before their acknowledgements are awaited.
const portion = 500

// relay publishes what the log has beyond the end of the stream, until ctx ends. Errors: what went wrong.
func (c *Carrier) relay(ctx context.Context, s *stream) error {
	for {
		if c.behind() > 0 {
			if err := c.publishSome(ctx, s); err != nil {
				return errors.Join(context.Cause(ctx), err)
			}
			continue
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-c.gone:
			return errUnreachable
		case <-c.more:
		}
	}
}

// publishSome publishes the next events, but for those that have arrived from other servers: they are compared. It moves the
// position on.
func (c *Carrier) publishSome(ctx context.Context, s *stream) error {
	position := c.position.Load()
	next, err := c.log.After(ctx, position, portion)
	switch {
	case err != nil:
		return fmt.Errorf("read events: %w", err)
	case len(next) == 0:
		return c.skipAll(ctx, s, position)
	case next[0].Number != position+1:
		return c.skip(ctx, s, next[0].Number)
	}
	arrived, same := c.heard.compare(next)
	if !same {
		return fmt.Errorf("%w: another event has arrived as number %d", ErrForeign, next[arrived].Number)
	}
	if arrived > 0 {
		c.position.Store(next[arrived-1].Number)
		return nil
	}
	// The first alone: when it is refused, because another market's event is in its place, the second would fit behind that.
	if err = c.publish(ctx, s, next[:1]); err == nil {
		err = c.publish(ctx, s, next[1:])
	}
	if !wrongSequence(err) {
		return err
	}
	// Another server was faster, or the broker has lost what it had acknowledged.
	c.metrics.conflicts.Inc()
	_, err = c.locate(ctx, s)
	return err
}

// locate finds out where the stream ends and takes that for the position.
func (c *Carrier) locate(ctx context.Context, s *stream) (last int64, err error) {
	if last, err = s.ensure(ctx); err == nil {
		c.heard.cut(last)
		c.position.Store(last)
	}
	return last, err
}

// skip goes on with the number, as the log has forgotten those before.
func (c *Carrier) skip(ctx context.Context, s *stream, next int64) error {
	err := s.skip(ctx, next)
	if err == nil {
		c.position.Store(next - 1)
	}
	return err
}

// skipAll goes on with the next number that there will be, as the log has forgotten all after the position.
func (c *Carrier) skipAll(ctx context.Context, s *stream, position int64) error {
	last, _, err := c.log.Last(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("read events: %w", err)
	case last <= position:
		return fmt.Errorf("%w: the log ends with number %d now", ErrForeign, last)
	}
	return c.skip(ctx, s, last+1)
}

// publish publishes the events, each at its place of the stream, and moves the position on with each that is acknowledged.
// Errors: that of the first that is not.
func (c *Carrier) publish(ctx context.Context, s *stream, next []events.Numbered) error {
	futures := make([]jetstream.PubAckFuture, len(next))
	for i, e := range next {
		var err error
		if futures[i], err = s.js.PublishMsgAsync(c.settings.encode(e), jetstream.WithExpectLastSequence(uint64(e.Number-1)),
			jetstream.WithExpectStream(s.Stream)); err != nil {
			return fmt.Errorf("publish event %d: %w", e.Number, err)
		}
	}
	for i, future := range futures {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case err := <-future.Err():
			return fmt.Errorf("publish event %d: %w", next[i].Number, err)
		case ack := <-future.Ok():
			if ack.Sequence != uint64(next[i].Number) {
				return fmt.Errorf("event %d is message %d", next[i].Number, ack.Sequence)
			}
			raise(&c.position, next[i].Number)
			c.metrics.published.Inc()
		}
	}
	return nil
}

// wrongSequence reports whether the stream does not end where it was expected to.
func wrongSequence(err error) bool {
	refused, ok := errors.AsType[*jetstream.APIError](err)
	return ok && (refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence ||
		refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}
