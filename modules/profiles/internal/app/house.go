package app

import (
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
)

// Registration says who may become a member.
type Registration string

// The ways to become one.
const (
	RegistrationOpen     Registration = "open"     // everybody
	RegistrationApproval Registration = "approval" // everybody, once an admin has approved
	RegistrationInvite   Registration = "invite"   // who was invited
)

// Policy is what the house has decided about its members.
type Policy struct {
	// Registration says who may become one.
	Registration Registration
	// Grace is the time from the end of a leaving member's last obligation to his deletion.
	Grace time.Duration
	// FreeAttempts is how many attempts at a password within domain.ThrottleWindow cost no delay; 0 turns all delays off.
	FreeAttempts int
}

// Repositories are the aggregates of the module.
type Repositories struct {
	Accounts       domain.Accounts
	Profiles       domain.Profiles
	Settings       domain.Settings
	Handles        domain.TakenHandles
	Sessions       domain.Sessions
	Tokens         domain.APITokens
	Devices        domain.Devices
	Throttles      domain.Throttles
	Blocks         domain.Blocks
	Invitations    domain.Invitations
	Administrators domain.AdministratorsRepository
}

// Parts are what a House is made of.
type Parts struct {
	Work         *uow.Work
	Repositories Repositories
	Credentials  Credentials
	Views        Views
	Hasher       Hasher
	Common       CommonPasswords
	Secrets      Secrets
	Letters      Letters
	Acts         audit.Log
	Answers      *idempotency.Keys
	Clock        clock.Clock
	Policy       Policy
}

// House is what every use case on members needs: units of work, the aggregates, the ports and the time.
type House struct {
	work        *uow.Work
	credentials Credentials
	views       Views
	hasher      Hasher
	common      CommonPasswords
	secrets     Secrets
	letters     Letters
	acts        audit.Log
	answers     *idempotency.Keys
	clock       clock.Clock
	policy      Policy
	turns       turns
	Repositories
}

// NewHouse returns a house of these parts.
func NewHouse(p Parts) *House {
	return &House{
		work: p.Work, credentials: p.Credentials, views: p.Views, hasher: p.Hasher, common: p.Common, secrets: p.Secrets,
		letters: p.Letters, acts: p.Acts, answers: p.Answers, clock: p.Clock, policy: p.Policy, Repositories: p.Repositories,
	}
}
