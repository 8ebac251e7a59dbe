package sitetest

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
)

// Letter is what somebody was told.
type Letter struct {
	// Kind is the method of app.Letters.
	Kind, To string
	// Token is what its link has; empty where there is none.
	Token string
}

// Letters keep what was sent.
type Letters struct {
	mu   sync.Mutex
	sent []Letter
}

var _ app.Letters = (*Letters)(nil)

func (l *Letters) add(kind, to, token string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, Letter{Kind: kind, To: to, Token: token})
}

// To returns the letters to an address, the oldest first.
func (l *Letters) To(address string) []Letter {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(l.sent), func(letter Letter) bool { return letter.To != address })
}

// Last returns the last letter to an address.
func (l *Letters) Last(t *testing.T, address string) Letter {
	t.Helper()
	letters := l.To(address)
	require.NotEmpty(t, letters, "no letter to %s", address)
	return letters[len(letters)-1]
}

// VerifyEmail implements app.Letters.
func (l *Letters) VerifyEmail(to, _, token string) { l.add("VerifyEmail", to, token) }

// AlreadyRegistered implements app.Letters.
func (l *Letters) AlreadyRegistered(to, _ string) { l.add("AlreadyRegistered", to, "") }

// ResetPassword implements app.Letters.
func (l *Letters) ResetPassword(to, _, token string) { l.add("ResetPassword", to, token) }

// AlreadyVerified implements app.Letters.
func (l *Letters) AlreadyVerified(to, _ string) { l.add("AlreadyVerified", to, "") }

// NoAccount implements app.Letters.
func (l *Letters) NoAccount(to string) { l.add("NoAccount", to, "") }

// ConfirmNewEmail implements app.Letters.
func (l *Letters) ConfirmNewEmail(to, _, token string) { l.add("ConfirmNewEmail", to, token) }

// EmailChanged implements app.Letters.
func (l *Letters) EmailChanged(to, _, _ string) { l.add("EmailChanged", to, "") }

// PasswordChanged implements app.Letters.
func (l *Letters) PasswordChanged(to, _ string) { l.add("PasswordChanged", to, "") }

// Approved implements app.Letters.
func (l *Letters) Approved(to, _ string) { l.add("Approved", to, "") }

// Invitation implements app.Letters.
func (l *Letters) Invitation(to, _, token string) { l.add("Invitation", to, token) }

// Suspended implements app.Letters.
func (l *Letters) Suspended(to, _, _ string) { l.add("Suspended", to, "") }

// Reinstated implements app.Letters.
func (l *Letters) Reinstated(to, _ string) { l.add("Reinstated", to, "") }

// DeletionRequested implements app.Letters.
func (l *Letters) DeletionRequested(to, _ string, _ int) { l.add("DeletionRequested", to, "") }

// Deleted implements app.Letters.
func (l *Letters) Deleted(to, _ string) { l.add("Deleted", to, "") }

// NewSignIn implements app.Letters.
func (l *Letters) NewSignIn(to, _, _, _ string) { l.add("NewSignIn", to, "") }
