package broker

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Settings say which stream of which servers carries the events.
type Settings struct {
	// URL is that of a server, or those of several, separated by commas; it may carry a name and a password, or a token.
	URL string
	// Credentials is a file with a JWT and its key; empty for none.
	Credentials string
	// CA is a file with the certificates (PEM) that those of the servers are checked against; empty for the machine's.
	CA string
	// Stream is the name of the stream, and of the first part of its subjects.
	Stream string
	// Replicas is how many servers of a cluster keep the stream.
	Replicas int
	// MaxAge is how long the stream keeps events.
	MaxAge time.Duration
}

// Servers names the servers without what is secret in the URL.
func (s Settings) Servers() string {
	parts := strings.Split(s.URL, ",")
	for i, part := range parts {
		u, err := url.Parse(strings.TrimSpace(part))
		if err != nil {
			return "[hidden]" // nobody knows which part of it is the password
		}
		u.User = nil
		parts[i] = u.String()
	}
	return strings.Join(parts, ", ")
}

// subject is that of the events of a kind, or of all for ">".
func (s Settings) subject(kind string) string { return s.Stream + ".events." + kind }

const (
	// answers is how long NATS may take to answer.
	answers = 5 * time.Second
	// soonest and latest bound the time between two attempts to connect.
	soonest, latest = 100 * time.Millisecond, 5 * time.Second
)

// connect returns a connection that comes and goes with the server; it need not be there yet. Errors: settings that are none,
// a file that cannot be read.
func (s Settings) connect(more ...nats.Option) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name("gavel"), nats.Timeout(answers), nats.MaxReconnects(-1), nats.CustomReconnectDelay(delay),
		nats.ReconnectBufSize(-1),   // what is not sent is published again, from the log
		nats.IgnoreAuthErrorAbort(), // somebody may put the password right meanwhile
		nats.PingInterval(20 * time.Second), nats.MaxPingsOutstanding(2),
	}
	if s.Credentials != "" {
		options = append(options, nats.UserCredentials(s.Credentials))
	}
	if s.CA != "" {
		options = append(options, nats.RootCAs(s.CA))
	}
	conn, err := nats.Connect(s.URL, append(options, more...)...)
	if err != nil {
		return nil, fmt.Errorf("connect to NATS at %s: %w", s.Servers(), err)
	}
	return conn, nil
}

// delay is the time before the next attempt: it doubles, and half of it is left to chance.
func delay(attempts int) time.Duration {
	wait := latest
	if attempts < 6 {
		wait = soonest << attempts
	}
	return wait/2 + rand.N(wait)/2
}
