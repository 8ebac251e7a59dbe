package app

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
)

// Parts are what a Desk is made of.
type Parts struct {
	Work       *uow.Work
	Issues     domain.Repository
	Listings   listingsapi.Reader
	Logs       Logs
	Moderation listingsapi.Moderation
	Members    profilesapi.Directory
	Standings  profilesapi.Members
	Staff      Staff
	Secrets    Secrets
	Letters    domain.Letters
	Throttles  profilesapi.Throttles
	Answers    *idempotency.Keys
	Clock      clock.Clock
	Targets    domain.Targets
}

// Desk is what every use case on issues needs: units of work, the issues, the ports and the time.
type Desk struct {
	work       *uow.Work
	issues     domain.Repository
	listings   listingsapi.Reader
	logs       Logs
	extracts   *extracts
	moderation listingsapi.Moderation
	members    profilesapi.Directory
	standings  profilesapi.Members
	staff      Staff
	secrets    Secrets
	letters    domain.Letters
	throttles  profilesapi.Throttles
	answers    *idempotency.Keys
	clock      clock.Clock
	targets    domain.Targets
}

// NewDesk returns a desk of these parts.
func NewDesk(p Parts) *Desk {
	return &Desk{
		work: p.Work, issues: p.Issues, listings: p.Listings, logs: p.Logs, extracts: newExtracts(p.Logs), moderation: p.Moderation, members: p.Members, standings: p.Standings, staff: p.Staff,
		secrets: p.Secrets, letters: p.Letters, throttles: p.Throttles, answers: p.Answers, clock: p.Clock, targets: p.Targets,
	}
}

// newID draws an id.
func newID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("draw an id: %w", err)
	}
	return id, nil
}

// secret draws a secret.
func (d *Desk) secret() (domain.Secret, error) {
	var s domain.Secret
	if err := d.secrets.Draw(s[:]); err != nil {
		return domain.Secret{}, fmt.Errorf("draw a secret: %w", err)
	}
	return s, nil
}
