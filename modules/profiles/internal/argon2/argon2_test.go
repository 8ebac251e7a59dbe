package argon2_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/profiles/internal/argon2"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cheap is a cost for tests.
var cheap = argon2.Settings{Memory: 64 << 10, Iterations: 1, AtOnce: 2}

func newHasher(t *testing.T, s argon2.Settings) *argon2.Hasher {
	t.Helper()
	h, err := argon2.New(s)
	require.NoError(t, err)
	return h
}

func TestHashAndCompare(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap)
	hash, err := h.Hash(t.Context(), "correct horse")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$"), hash)

	for password, want := range map[string]bool{"correct horse": true, "correct horsf": false, "": false, "Correct horse": false} {
		same, outdated, err := h.Compare(t.Context(), hash, password)
		require.NoError(t, err)
		require.Equal(t, want, same, password)
		require.False(t, outdated)
	}
}

func TestHashesOfTheSamePasswordDiffer(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap)
	one, err := h.Hash(t.Context(), "correct horse")
	require.NoError(t, err)
	two, err := h.Hash(t.Context(), "correct horse")
	require.NoError(t, err)
	require.NotEqual(t, one, two)
}

// The vector is of the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1.
func TestVectorOfTheReferenceImplementation(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap)
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	same, outdated, err := h.Compare(t.Context(), hash, "password")
	require.NoError(t, err)
	require.True(t, same)
	require.True(t, outdated)
}

func TestAnotherCostIsOutdated(t *testing.T) {
	t.Parallel()
	hash, err := newHasher(t, cheap).Hash(t.Context(), "correct horse")
	require.NoError(t, err)
	for name, s := range map[string]argon2.Settings{
		"memory":     {Memory: 65 << 10, Iterations: 1, AtOnce: 1},
		"iterations": {Memory: 64 << 10, Iterations: 2, AtOnce: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same, outdated, err := newHasher(t, s).Compare(t.Context(), hash, "correct horse")
			require.NoError(t, err)
			require.True(t, same)
			require.True(t, outdated)
		})
	}
}

func TestNobodysHashMatchesNothingAndIsNotOutdated(t *testing.T) {
	t.Parallel()
	same, outdated, err := newHasher(t, cheap).Compare(t.Context(), "", "")
	require.NoError(t, err)
	require.False(t, same)
	require.False(t, outdated)
}

func TestForgedHashesAreRefusedBeforeTheyCostAnything(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap)
	const salt, hash = "c29tZXNhbHQ", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for name, text := range map[string]string{
		"another algorithm":       "$argon2i$v=19$m=64,t=1,p=1$" + salt + "$" + hash,
		"another version":         "$argon2id$v=16$m=64,t=1,p=1$" + salt + "$" + hash,
		"more than 1 GiB":         "$argon2id$v=19$m=1048577,t=1,p=1$" + salt + "$" + hash,
		"memory that overflows":   "$argon2id$v=19$m=4294967297,t=1,p=1$" + salt + "$" + hash,
		"too little memory":       "$argon2id$v=19$m=7,t=1,p=1$" + salt + "$" + hash,
		"no iteration":            "$argon2id$v=19$m=64,t=0,p=1$" + salt + "$" + hash,
		"too many iterations":     "$argon2id$v=19$m=64,t=21,p=1$" + salt + "$" + hash,
		"several lanes":           "$argon2id$v=19$m=64,t=1,p=2$" + salt + "$" + hash,
		"a short salt":            "$argon2id$v=19$m=64,t=1,p=1$c29tZQ$" + hash,
		"a long salt":             "$argon2id$v=19$m=64,t=1,p=1$" + strings.Repeat("AAAA", 22) + "$" + hash,
		"a short hash":            "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$AAAA",
		"an empty hash":           "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$",
		"no base64":               "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + strings.Repeat("*", 43),
		"a negative number":       "$argon2id$v=19$m=-64,t=1,p=1$" + salt + "$" + hash,
		"costs in another order":  "$argon2id$v=19$t=1,m=64,p=1$" + salt + "$" + hash,
		"something behind":        "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + hash + "$",
		"a password in the clear": "correct horse",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := h.Compare(t.Context(), text, "password")
			require.ErrorIs(t, err, argon2.ErrUnknownNotation)
		})
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]argon2.Settings{
		"no memory":           {Memory: 0, Iterations: 1, AtOnce: 1},
		"less than a block":   {Memory: 8<<10 - 1, Iterations: 1, AtOnce: 1},
		"too much memory":     {Memory: 1<<30 + 1024, Iterations: 1, AtOnce: 1},
		"far too much memory": {Memory: 1 << 62, Iterations: 1, AtOnce: 1},
		"no iteration":        {Memory: 1 << 16, Iterations: 0, AtOnce: 1},
		"negative iterations": {Memory: 1 << 16, Iterations: -1, AtOnce: 1},
		"too many iterations": {Memory: 1 << 16, Iterations: 21, AtOnce: 1},
		"nobody's turn":       {Memory: 1 << 16, Iterations: 1, AtOnce: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := argon2.New(s)
			require.Error(t, err)
		})
	}
	for name, s := range map[string]argon2.Settings{
		"the least memory": {Memory: 8 << 10, Iterations: 1, AtOnce: 1},
		"the most memory":  {Memory: 1 << 30, Iterations: 20, AtOnce: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := argon2.New(s)
			require.NoError(t, err)
		})
	}
}

func TestWhoLeavesDoesNotWaitForHisTurn(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap)
	gone := errors.New("gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	_, err := h.Hash(ctx, "correct horse")
	require.ErrorIs(t, err, gone)
	_, _, err = h.Compare(ctx, "", "correct horse")
	require.ErrorIs(t, err, gone)
}

func TestManyAtOnceAllGetTheirTurn(t *testing.T) {
	t.Parallel()
	h := newHasher(t, argon2.Settings{Memory: 64 << 10, Iterations: 1, AtOnce: 1})
	hash, err := h.Hash(t.Context(), "correct horse")
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			same, _, err := h.Compare(context.WithoutCancel(t.Context()), hash, "correct horse")
			if err != nil || !same {
				t.Errorf("compare: %v, %v", same, err)
			}
		})
	}
	all.Wait()
}
