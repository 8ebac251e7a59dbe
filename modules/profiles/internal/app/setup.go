package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// SetupLifetime is how long a link is good for.
const SetupLifetime = 30 * time.Minute

// Setup makes the first admin, for whoever holds the link that the server printed at its start. The link lives in this
// process and nowhere else. It is safe for concurrent use.
type Setup struct {
	house *House

	mu      sync.Mutex
	link    domain.Hash // of the token
	browser domain.Hash // of the cookie of the first browser that opened it
	opened  bool
	until   time.Time // zero without a link
}

// NewSetup returns the use case, without a link.
func NewSetup(house *House) *Setup { return &Setup{house: house} }

// NewLink draws the token of a new link, which takes the place of the one before; ok is false when the house has an
// admin. Errors: what the store reports.
func (u *Setup) NewLink(ctx context.Context) (token string, ok bool, err error) {
	err = u.needed(ctx)
	switch {
	case errors.Is(err, domain.ErrAlreadySetUp):
		return "", false, nil
	case err != nil:
		return "", false, err
	}
	if token, err = u.house.secretText(); err != nil {
		return "", false, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.link, u.browser, u.opened = domain.HashOf(token), domain.Hash{}, false
	u.until = u.house.clock.Now().Add(SetupLifetime)
	return token, true, nil
}

// needed tells whether the house has no admin yet. Errors: domain.ErrAlreadySetUp.
func (u *Setup) needed(ctx context.Context) error {
	err := u.house.work.Do(ctx, func(ctx context.Context) error {
		admins, err := u.house.Administrators.Get(ctx, domain.AdministratorsID)
		switch {
		case errors.Is(err, domain.ErrRecordNotFound):
			return nil
		case err != nil:
			return err
		case len(admins.State().Members) > 0:
			return domain.ErrAlreadySetUp
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for an admin: %w", err)
	}
	return nil
}

// Open is called when the link is opened by a browser with this cookie, empty for none. The first browser has the link for
// itself: what it returns is its cookie. Errors: domain.ErrAlreadySetUp, domain.ErrInvalidSetupLink.
func (u *Setup) Open(ctx context.Context, token, browser string) (cookie string, err error) {
	fresh, err := u.house.secretText()
	if err != nil {
		return "", err
	}
	if err := u.needed(ctx); err != nil {
		return "", err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case !u.valid(token):
		return "", domain.ErrInvalidSetupLink
	case !u.opened:
		u.browser, u.opened = domain.HashOf(fresh), true
		return fresh, nil
	case u.browser.Equal(domain.HashOf(browser)):
		return browser, nil
	}
	return "", domain.ErrInvalidSetupLink
}

// valid reports whether the token is that of the link, in time. The lock is held.
func (u *Setup) valid(token string) bool {
	return u.link.Equal(domain.HashOf(token)) && u.house.clock.Now().Before(u.until)
}

// SetupCommand makes the first admin.
type SetupCommand struct {
	// Token is the text of the link, Browser that of the cookie from Open.
	Token, Browser          string
	Email, Handle, Password string
	// Client is who asks.
	Client domain.Client
}

// Do makes the admin, and signs in; then the link is gone. Errors: domain.ErrInvalidSetupLink, ErrAlreadySetUp, those of
// the fields as Register.Do, ErrHandleTaken, ErrEmailTaken; uow.ErrBusy, uow.ErrOutcomeUnknown.
func (u *Setup) Do(ctx context.Context, cmd SetupCommand) (SignedIn, error) {
	in, err := u.do(ctx, cmd)
	if err != nil {
		return SignedIn{}, fmt.Errorf("set up: %w", err)
	}
	return in, nil
}

func (u *Setup) do(ctx context.Context, cmd SetupCommand) (SignedIn, error) {
	if !u.holds(cmd.Token, cmd.Browser) {
		return SignedIn{}, domain.ErrInvalidSetupLink
	}
	if err := u.needed(ctx); err != nil {
		return SignedIn{}, err
	}
	h := u.house
	n, err := h.newcomer(cmd.Email, cmd.Handle, cmd.Password)
	if err != nil {
		return SignedIn{}, err
	}
	admin, err := h.newAdmin(ctx, n)
	if err != nil {
		return SignedIn{}, err
	}
	fresh, err := h.newCookies()
	if err != nil {
		return SignedIn{}, err
	}
	in, err := do(ctx, h, request{operation: "make the first admin"}, func(ctx context.Context, now time.Time) (SignedIn, letter, error) {
		admins, err := h.administrators(ctx)
		if err != nil {
			return SignedIn{}, nil, err
		}
		if err := admins.Found(admin.ID); err != nil {
			return SignedIn{}, nil, err
		}
		account, err := h.enrolAdmin(ctx, admin, n.handle, now)
		if err != nil {
			return SignedIn{}, nil, err
		}
		self := identity.Caller{ID: admin.ID}
		if err := h.record(ctx, self, "members.setup", admin.ID, "", "", now); err != nil {
			return SignedIn{}, nil, err
		}
		in, _, err := h.open(ctx, account, cmd.Client, fresh, now)
		return in, nil, err
	})
	if err == nil {
		u.drop()
	}
	return in, err
}

// holds reports whether the token is that of the link, and the cookie that of the browser that has it for itself.
func (u *Setup) holds(token, browser string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.valid(token) && u.opened && u.browser.Equal(domain.HashOf(browser))
}

// drop forgets the link.
func (u *Setup) drop() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.until = time.Time{}
}
