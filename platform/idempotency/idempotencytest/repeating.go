package idempotencytest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/idempotency"
)

// repeatingCases say what a repeated request is answered.
var repeatingCases = []testCase{
	{"the same request gets the same answer and does nothing", repeated},
	{"a request without a key is a new one every time", keyless},
	{"another body under the same key is refused and does nothing", otherBody},
	{"keys belong to a member and an operation", keysApart},
	{"guests share one scope", guests},
	{"a refusal is not remembered", refusalForgotten},
	{"a key has an end", longKeys},
}

func repeated(t *testing.T, s *subject) {
	r := newRequest()
	first, err := s.ask(t, r)
	require.NoError(t, err)
	require.NotZero(t, first.ID)
	for range 2 {
		again, err := s.ask(t, r)
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
	require.Equal(t, 2, s.rows(t), "one thing and one answer")
}

func keyless(t *testing.T, s *subject) {
	r := newRequest()
	r.Key = ""
	one, err := s.ask(t, r)
	require.NoError(t, err)
	other, err := s.ask(t, r)
	require.NoError(t, err)
	require.NotEqual(t, one, other)
	require.Equal(t, 2, s.rows(t), "two things and no answer")
}

func otherBody(t *testing.T, s *subject) {
	r := newRequest()
	first, err := s.ask(t, r)
	require.NoError(t, err)
	other := r
	other.Body = map[string]string{"name": "Another thing"}
	_, err = s.ask(t, other)
	require.ErrorIs(t, err, idempotency.ErrConflict)
	again, err := s.ask(t, r)
	require.NoError(t, err, "the refusal has changed nothing")
	require.Equal(t, first, again)
	require.Equal(t, 2, s.rows(t), "one thing and one answer")
}

func keysApart(t *testing.T, s *subject) {
	r := newRequest()
	otherMember, otherOperation, otherKey := r, r, r
	otherMember.Member, otherOperation.Operation, otherKey.Key = newID(), "create another thing", "KEY"
	seen := map[created]bool{}
	for _, request := range []idempotency.Request{r, otherMember, otherOperation, otherKey} {
		answer, err := s.ask(t, request)
		require.NoError(t, err)
		require.False(t, seen[answer])
		seen[answer] = true
	}
	require.Equal(t, 8, s.rows(t), "four things and four answers")
}

func guests(t *testing.T, s *subject) {
	r := idempotency.Request{Operation: "register", Key: "key", Body: "Ann"}
	first, err := s.ask(t, r)
	require.NoError(t, err)
	again, err := s.ask(t, r)
	require.NoError(t, err)
	require.Equal(t, first, again)
	r.Body = "Bob"
	_, err = s.ask(t, r)
	require.ErrorIs(t, err, idempotency.ErrConflict)
}

func refusalForgotten(t *testing.T, s *subject) {
	r := newRequest()
	refuse := func(ctx context.Context) (created, error) {
		thing, err := s.create(ctx)
		return thing, errors.Join(err, errRefused)
	}
	require.ErrorIs(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		answer, err := idempotency.Do(ctx, s.keys, r, refuse)
		require.Zero(t, answer)
		return err
	}), errRefused)
	r.Body = "what was wrong is put right"
	_, err := s.ask(t, r)
	require.NoError(t, err)
	require.Equal(t, 2, s.rows(t), "one thing and one answer")
}

func longKeys(t *testing.T, s *subject) {
	r := newRequest()
	r.Key = strings.Repeat("k", idempotency.MaxKey)
	first, err := s.ask(t, r)
	require.NoError(t, err)
	r.Key += "k"
	_, err = s.ask(t, r)
	require.ErrorIs(t, err, idempotency.ErrInvalidKey)
	r.Key = r.Key[1:]
	again, err := s.ask(t, r)
	require.NoError(t, err)
	require.Equal(t, first, again)

	r.Key = "\x00\xff 'quoted' 🏺"
	first, err = s.ask(t, r)
	require.NoError(t, err, "what no database takes as a text is a key all the same")
	again, err = s.ask(t, r)
	require.NoError(t, err)
	require.Equal(t, first, again)
}
