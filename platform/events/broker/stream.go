package broker

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/gavelhq/gavel/platform/events/delivery"
)

// ErrForeign says that the stream holds other events than the log.
var ErrForeign = errors.New("the stream holds the events of another database, or of this one before a restore")

// stream is the stream, as far as a server knows it.
type stream struct {
	Settings
	js  jetstream.JetStream
	log delivery.Log
}

// config returns what the stream is to be like.
func (s Settings) config() jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name: s.Stream, Description: "Events of Gavel; the sequence of a message is the number of its event.",
		Subjects: []string{s.subject(">")}, Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardOld,
		Storage: jetstream.FileStorage, Replicas: s.Replicas, MaxAge: s.MaxAge, AllowDirect: true,
	}
}

// ensure makes the stream, or changes it where it is not as it is to be, and returns the number of the last event in it.
// Errors: ErrForeign; what NATS or the log report.
func (s *stream) ensure(ctx context.Context) (last int64, err error) {
	found, err := s.js.Stream(ctx, s.Stream)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		found, err = s.create(ctx)
	case err == nil:
		found, err = s.adjust(ctx, found)
	}
	if err != nil {
		return 0, fmt.Errorf("look at the stream %s: %w", s.Stream, err)
	}
	return s.compare(ctx, found)
}

// create makes the stream, which begins after the last event that there is: older ones nobody waits for.
func (s *stream) create(ctx context.Context) (jetstream.Stream, error) {
	last, _, err := s.log.Last(ctx)
	if err != nil {
		return nil, err
	}
	config := s.config()
	config.FirstSeq = uint64(last) + 1
	made, err := s.js.CreateStream(ctx, config)
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another server was faster
		return s.js.Stream(ctx, s.Stream)
	}
	return made, err
}

// adjust changes what the settings say and the stream is not. All else stays as somebody may have set it.
func (s *stream) adjust(ctx context.Context, found jetstream.Stream) (jetstream.Stream, error) {
	config, want := found.CachedInfo().Config, s.config()
	if config.MaxAge == want.MaxAge && config.Replicas == want.Replicas && len(config.Subjects) == 1 && config.Subjects[0] == want.Subjects[0] {
		return found, nil
	}
	config.MaxAge, config.Replicas, config.Subjects = want.MaxAge, want.Replicas, want.Subjects
	config.Duplicates = min(config.Duplicates, config.MaxAge)
	return s.js.UpdateStream(ctx, config)
}

// compare returns the number of the last event in the stream. Errors: ErrForeign where the log does not have that event.
func (s *stream) compare(ctx context.Context, found jetstream.Stream) (last int64, err error) {
	info, err := found.Info(ctx)
	if err != nil {
		return 0, err
	}
	if info.State.LastSeq > math.MaxInt64 {
		return 0, ErrForeign
	}
	last = int64(info.State.LastSeq)
	numbered, _, err := s.log.Last(ctx) // after the stream, which others continue
	switch {
	case err != nil:
		return 0, err
	case last > numbered:
		return 0, fmt.Errorf("%w: it ends with number %d, the log with %d", ErrForeign, last, numbered)
	case info.State.Msgs == 0:
		return last, nil
	}
	message, err := found.GetMsg(ctx, info.State.LastSeq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return last, nil // it is too old, or was purged
	}
	if err != nil {
		return 0, err
	}
	e, err := decode(message.Header, message.Data, message.Sequence)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrForeign, err)
	}
	ours, err := s.log.After(ctx, last-1, 1)
	if err == nil && len(ours) == 1 && ours[0].Number == last && ours[0].ID != e.ID {
		err = fmt.Errorf("%w: number %d is event %s there, and %s here", ErrForeign, last, e.ID, ours[0].ID)
	}
	return last, err
}

// skip makes the next number the next of the stream, for which the log has forgotten those between. Errors: what NATS
// reports.
func (s *stream) skip(ctx context.Context, next int64) error {
	found, err := s.js.Stream(ctx, s.Stream)
	if err == nil {
		err = found.Purge(ctx, jetstream.WithPurgeSequence(uint64(next)))
	}
	if err != nil {
		return fmt.Errorf("let the stream begin at %d: %w", next, err)
	}
	return nil
}
