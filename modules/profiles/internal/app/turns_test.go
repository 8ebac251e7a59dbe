package app_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// slowHasher compares passwords when it may, and knows which it has begun with.
type slowHasher struct {
	app.Hasher
	begun chan string
	may   chan struct{}
}

func (s *slowHasher) Compare(ctx context.Context, hash, password string) (same, outdated bool, err error) {
	s.begun <- password
	<-s.may
	return s.Hasher.Compare(ctx, hash, password)
}

func TestWhoSendsManyPasswordsDelaysHimself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := &slowHasher{begun: make(chan string, 100), may: make(chan struct{})}
		h := newHouse(t, policy(func(p *app.Policy) { p.FreeAttempts = 0 }), func(p *app.Parts) {
			slow.Hasher = p.Hasher
			p.Hasher = slow
		})
		h.member("ada")
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := h.signIn("ada", other, rivals); !errors.Is(err, domain.ErrWrongCredentials) {
					t.Errorf("sign in with a wrong password: %v", err)
				}
			})
		}
		synctest.Wait()
		require.Len(t, slow.begun, 1, "one password at a time")
		all.Go(func() {
			if _, err := h.signIn("ada", password, home); err != nil {
				t.Errorf("sign in: %v", err)
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		all.Go(func() {
			_, err := app.NewSignIn(h.House).Do(ctx, app.SignInCommand{Email: "ada@example.org", Password: password, Client: rivals})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("give up: %v", err)
			}
		})
		synctest.Wait()
		require.Len(t, slow.begun, 2)
		require.Equal(t, other, <-slow.begun)
		require.Equal(t, password, <-slow.begun, "the member waits for none of the seven others")
		cancel()
		synctest.Wait()
		close(slow.may)
		all.Wait()
		require.Len(t, slow.begun, 7, "who gave up is not waited for")
	})
}
