package profilestest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/uow"
)

// Crowd enrols members by the thousand, many in one unit of work, for measurements: what takes time when people register
// is the hash of a password, and these have none. Get it from the graph: fx.Populate(&crowd).
type Crowd struct {
	fx.In

	Work   *uow.Work
	Stores profiles.Stores
	Clock  clock.Clock
}

// Recruit is a member in good standing, with an API token.
type Recruit struct {
	// ID is the member's.
	ID uuid.UUID
	// Token is the text that a program of his shows.
	Token string
}

// enrolAtOnce is how many members share a unit.
const enrolAtOnce = 250

// Enrol makes n members whose addresses are verified. Their handles begin with name; their tokens have the scopes. A name
// is used once per store. Errors: those of the domain and of the unit of work.
func (c Crowd) Enrol(ctx context.Context, name string, n int, scopes ...string) ([]Recruit, error) {
	recruits := make([]Recruit, n)
	commands := make([]uow.Command, n)
	for i := range recruits {
		recruits[i] = Recruit{ID: uuid.New(), Token: domain.TokenPrefix + rand.Text()}
		commands[i] = uow.Command{Run: func(ctx context.Context) error {
			return c.enrol(ctx, recruits[i], fmt.Sprintf("%s-%d", name, i+1), scopes)
		}}
	}
	for len(commands) > 0 {
		some := min(len(commands), enrolAtOnce)
		if err := errors.Join(c.Work.DoAll(ctx, commands[:some])...); err != nil {
			return nil, fmt.Errorf("enrol %d members: %w", n, err)
		}
		commands = commands[some:]
	}
	return recruits, nil
}

func (c Crowd) enrol(ctx context.Context, r Recruit, name string, scopes []string) error {
	handle, err := domain.NewHandle(name)
	if err != nil {
		return err
	}
	email, err := domain.NewEmail(name + "@example.org")
	if err != nil {
		return err
	}
	now := c.Clock.Now()
	account := domain.Register(domain.Registration{ID: r.ID, Email: email, PasswordHash: "none", Verified: true}, now)
	token, err := domain.NewAPIToken(domain.APITokenState{
		ID: uuid.New(), Account: r.ID, Name: "load", Hash: domain.HashOf(r.Token), Epoch: account.TokenEpoch(), Scopes: scopes,
	}, now)
	if err != nil {
		return err
	}
	return errors.Join(
		c.Stores.TakenHandles.Add(ctx, domain.TakeHandle(handle)),
		c.Stores.Accounts.Add(ctx, account),
		c.Stores.Profiles.Add(ctx, domain.NewProfile(r.ID, handle, now)),
		c.Stores.Settings.Add(ctx, domain.NewNotificationSettings(r.ID)),
		c.Stores.APITokens.Add(ctx, token),
	)
}
