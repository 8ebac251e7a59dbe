package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// MaxTokens is how many API tokens a member may have.
const MaxTokens = 100

const maxTokenName = 60

// lastYear is the last that RFC 3339 can write.
const lastYear = 9999

// TokenPrefix begins the text of every API token, so that scanners for lost secrets know it.
const TokenPrefix = "gvl_"

// APIToken is what a program signs in with.
type APIToken struct {
	record
	state APITokenState
}

// APITokenState is a token as plain data for mappers.
type APITokenState struct {
	ID      uuid.UUID
	Version int64
	// Account is whose.
	Account uuid.UUID
	// Name is the member's own, one line.
	Name string
	// Hash is that of its text.
	Hash Hash
	// Epoch is the account's token epoch that it was made in.
	Epoch int64
	// Scopes are names of permissions, sorted.
	Scopes []string
	// CreatedAt is when it was made, ExpiresAt when it ends; zero for never.
	CreatedAt, ExpiresAt time.Time
	// SeenAt is its last use as far as it was noted; zero before the first.
	SeenAt time.Time
}

// NewAPIToken returns a token of the account. Whether the scopes are ones that the member may give is the use case's to
// check. Errors: the first that applies of ErrInvalidTokenName, ErrInvalidScopes for none and ErrInvalidExpiry, with all of
// them in the field "errors".
func NewAPIToken(s APITokenState, now time.Time) (*APIToken, error) {
	now = micros(now)
	s.ExpiresAt = micros(s.ExpiresAt)
	var noScopes, noExpiry error
	if len(s.Scopes) == 0 {
		noScopes = ErrInvalidScopes
	}
	if !s.ExpiresAt.IsZero() && (!s.ExpiresAt.After(now) || s.ExpiresAt.UTC().Year() > lastYear) {
		noExpiry = ErrInvalidExpiry
	}
	if err := allOf(checkLine(s.Name, 1, maxTokenName, ErrInvalidTokenName), noScopes, noExpiry); err != nil {
		return nil, err
	}
	s.Scopes = slices.Clone(s.Scopes)
	slices.Sort(s.Scopes)
	s.Scopes = slices.Compact(s.Scopes)
	s.Version, s.CreatedAt, s.SeenAt = 0, now, time.Time{}
	return &APIToken{record: record{id: s.ID, changed: true}, state: s}, nil
}

// RestoreAPIToken returns the token as it was stored, unchecked.
func RestoreAPIToken(s APITokenState) *APIToken {
	s.Scopes = slices.Clone(s.Scopes)
	return &APIToken{record: record{id: s.ID, version: s.Version}, state: s}
}

// State returns the token as plain data.
func (t *APIToken) State() APITokenState {
	state := t.state
	state.Version, state.Scopes = t.version, slices.Clone(t.state.Scopes)
	return state
}

// Snapshot returns an independent copy.
func (t *APIToken) Snapshot() *APIToken {
	c := *t
	c.state.Scopes = slices.Clone(t.state.Scopes)
	return &c
}

// Account returns whose it is.
func (t *APIToken) Account() uuid.UUID { return t.state.Account }

// ValidAt reports whether the token is good at the instant now, for an account in the given token epoch.
func (s APITokenState) ValidAt(epoch int64, now time.Time) bool {
	return s.Epoch == epoch && (s.ExpiresAt.IsZero() || now.Before(s.ExpiresAt))
}

// Touch notes a use; nothing changes within SessionTouch of the one noted last.
func (t *APIToken) Touch(now time.Time) {
	if now = micros(now); now.Sub(t.state.SeenAt) >= SessionTouch {
		t.state.SeenAt = now
		t.changed = true
	}
}
