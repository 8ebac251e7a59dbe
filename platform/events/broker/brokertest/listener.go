package brokertest

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
)

// Listener hears whatever passes on a server: events, and what clients and JetStream say to each other.
type Listener struct {
	t    testing.TB
	conn *nats.Conn
	sub  *nats.Subscription
	js   jetstream.JetStream
}

// Heard is a message.
type Heard struct {
	Subject string
	// Kind is that of an event; empty for anything else.
	Kind string
	// Content is the header and the body.
	Content []byte
}

// Listen returns a listener that hears everything from now on, until the test ends.
func (s *Server) Listen() *Listener {
	s.t.Helper()
	conn, err := nats.Connect(s.URL())
	require.NoError(s.t, err)
	s.t.Cleanup(conn.Close)
	l := &Listener{t: s.t, conn: conn}
	l.js, err = jetstream.New(conn)
	require.NoError(s.t, err)
	l.sub, err = conn.SubscribeSync(">")
	require.NoError(s.t, err)
	require.NoError(s.t, l.sub.SetPendingLimits(-1, -1))
	require.NoError(s.t, conn.Flush())
	return l
}

// Ends reports whether the stream is there and ends with the sequence.
func (l *Listener) Ends(stream string, sequence int64) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	found, err := l.js.Stream(ctx, stream)
	return err == nil && found.CachedInfo().State.LastSeq == uint64(sequence)
}

// Heard returns what was heard since it was called before.
func (l *Listener) Heard() []Heard {
	l.t.Helper()
	require.NoError(l.t, l.conn.Flush())
	waiting, _, err := l.sub.Pending()
	require.NoError(l.t, err)
	all := make([]Heard, waiting)
	for i := range all {
		m, err := l.sub.NextMsg(10 * time.Second)
		require.NoError(l.t, err)
		content := bytes.Buffer{}
		for name, values := range m.Header {
			for _, value := range values {
				fmt.Fprintf(&content, "%s: %s\n", name, value)
			}
		}
		content.Write(m.Data)
		all[i] = Heard{Subject: m.Subject, Kind: m.Header.Get("Gavel-Kind"), Content: content.Bytes()}
	}
	return all
}
