package broker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/gavelhq/gavel/platform/events/delivery"
)

// What Check may find.
var (
	// ErrUnreachable says that no server answers, or that none lets us in.
	ErrUnreachable = errors.New("NATS does not answer, or does not let us in")
	// ErrNoJetStream says that the server has no JetStream, or none for us.
	ErrNoJetStream = errors.New("NATS has no JetStream for us")
)

// Finding is what Check has found.
type Finding struct {
	// Addr and Version are the server's.
	Addr, Version string
	// Encrypted says that the connection is.
	Encrypted bool
	// Exists says that the stream is there; the rest is about it.
	Exists bool
	// First and Last are the numbers of the first event in the stream and of the last.
	First, Last int64
	// Replicas is how many servers keep it, MaxAge how long it keeps events.
	Replicas int
	MaxAge   time.Duration
}

// Check looks at NATS and at the stream, and changes nothing. Without a log, which may be nil, it does not compare them. Errors:
// ErrUnreachable, ErrNoJetStream, ErrForeign, or what NATS reports.
func Check(ctx context.Context, settings Settings, log delivery.Log) (Finding, error) {
	conn, err := settings.connect()
	if err != nil {
		return Finding{}, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer conn.Close()
	found := Finding{Addr: conn.ConnectedAddr(), Version: conn.ConnectedServerVersion()}
	if _, err := conn.TLSConnectionState(); err == nil {
		found.Encrypted = true
	}
	js, err := jetstream.New(conn, jetstream.WithDefaultTimeout(answers))
	if err != nil {
		return found, err
	}
	if _, err := js.AccountInfo(ctx); err != nil {
		return found, fmt.Errorf("%w: %w", ErrNoJetStream, err)
	}
	there, err := js.Stream(ctx, settings.Stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return found, nil
	}
	if err != nil {
		return found, fmt.Errorf("look at the stream %s: %w", settings.Stream, err)
	}
	info := there.CachedInfo()
	found.Exists, found.First, found.Last = true, int64(info.State.FirstSeq), int64(info.State.LastSeq)
	found.Replicas, found.MaxAge = info.Config.Replicas, info.Config.MaxAge
	if log != nil {
		_, err = (&stream{Settings: settings, js: js, log: log}).compare(ctx, there)
	}
	return found, err
}
