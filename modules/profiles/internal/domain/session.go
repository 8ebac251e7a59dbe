package domain

import (
	"time"

	"github.com/google/uuid"
)

// How long a session lives.
const (
	SessionIdle     = 24 * time.Hour      // without a request
	SessionAbsolute = 30 * 24 * time.Hour // whatever happens
	// SessionTouch is how exactly the last request is known: sparing a write for each request.
	SessionTouch = 5 * time.Minute
)

// Session is one browser that is signed in.
type Session struct {
	record
	state SessionState
}

// SessionState is a session as plain data for mappers.
type SessionState struct {
	ID      uuid.UUID
	Version int64
	// Account is whose.
	Account uuid.UUID
	// Hash is that of the text in the cookie.
	Hash Hash
	// Epoch is the account's session epoch that it was made in.
	Epoch int64
	// CreatedAt is the sign-in, SeenAt the last request as far as it was noted.
	CreatedAt, SeenAt time.Time
	// Client is the network that signed in, UserAgent what the browser called itself.
	Client, UserAgent string
}

// Client is who signs in: from which network, and with what.
type Client struct {
	// Network is an IPv4 address or an IPv6 /64.
	Network string
	// UserAgent is what the program calls itself, at most 256 bytes.
	UserAgent string
	// Device is the secret of the browser's device cookie; empty without one.
	Device string
}

// NewSession returns a session of the account, valid from now.
func NewSession(id uuid.UUID, account *Account, text string, by Client, now time.Time) *Session {
	return &Session{
		record: record{id: id, changed: true},
		state: SessionState{
			ID: id, Account: account.ID(), Hash: HashOf(text), Epoch: account.SessionEpoch(),
			CreatedAt: micros(now), SeenAt: micros(now), Client: by.Network, UserAgent: by.UserAgent,
		},
	}
}

// RestoreSession returns the session as it was stored, unchecked.
func RestoreSession(s SessionState) *Session {
	return &Session{record: record{id: s.ID, version: s.Version}, state: s}
}

// State returns the session as plain data.
func (s *Session) State() SessionState {
	state := s.state
	state.Version = s.version
	return state
}

// Snapshot returns an independent copy.
func (s *Session) Snapshot() *Session { c := *s; return &c }

// Account returns whose it is.
func (s *Session) Account() uuid.UUID { return s.state.Account }

// ExpiresAt returns when it ends if no further request comes.
func (s SessionState) ExpiresAt() time.Time {
	idle, absolute := s.SeenAt.Add(SessionIdle), s.CreatedAt.Add(SessionAbsolute)
	if idle.Before(absolute) {
		return idle
	}
	return absolute
}

// ValidAt reports whether the session is good at the instant now, for an account in the given session epoch.
func (s SessionState) ValidAt(epoch int64, now time.Time) bool {
	return s.Epoch == epoch && now.Before(s.ExpiresAt())
}

// Touch notes a request; nothing changes within SessionTouch of the one noted last.
func (s *Session) Touch(now time.Time) {
	if now = micros(now); now.Sub(s.state.SeenAt) >= SessionTouch {
		s.state.SeenAt = now
		s.changed = true
	}
}

// Renew keeps the session through the end of all others: it belongs to the account's present epoch.
func (s *Session) Renew(account *Account) {
	if s.state.Epoch != account.SessionEpoch() {
		s.state.Epoch = account.SessionEpoch()
		s.changed = true
	}
}
