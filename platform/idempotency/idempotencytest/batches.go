package idempotencytest

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
)

// batchCases say what happens to many requests in one unit of work.
var batchCases = []testCase{
	{"the second of two equal requests gets the first one's answer", equalInBatch},
	{"another body under the key of a request before it is refused, and nothing else", differentInBatch},
	{"what a refused request would have been answered is not remembered", refusedInBatch},
	{"a request that is repeated within a command is done once", repeatedInCommand},
}

// asking returns a command that makes the request and keeps the answer.
func (s *subject) asking(r idempotency.Request, answer *created) uow.Command {
	return uow.Command{Run: func(ctx context.Context) (err error) {
		*answer, err = s.make(ctx, r)
		return err
	}}
}

func equalInBatch(t *testing.T, s *subject) {
	r := newRequest()
	var one, other created
	require.Equal(t, []error{nil, nil}, s.Work.DoAll(t.Context(), []uow.Command{s.asking(r, &one), s.asking(r, &other)}))
	require.NotZero(t, one.ID)
	require.Equal(t, one, other)
	require.Equal(t, 2, s.rows(t), "one thing and one answer")
}

func differentInBatch(t *testing.T, s *subject) {
	r, neighbour := newRequest(), newRequest()
	different := r
	different.Body = "another"
	var answers [3]created
	outcomes := s.Work.DoAll(t.Context(), []uow.Command{
		s.asking(r, &answers[0]), s.asking(different, &answers[1]), s.asking(neighbour, &answers[2]),
	})
	require.NoError(t, outcomes[0])
	require.ErrorIs(t, outcomes[1], idempotency.ErrConflict)
	require.NoError(t, outcomes[2])
	require.Equal(t, 4, s.rows(t), "two things and two answers")
}

func refusedInBatch(t *testing.T, s *subject) {
	r := newRequest()
	var refused, answer created
	refusing := s.asking(r, &refused)
	outcomes := s.Work.DoAll(t.Context(), []uow.Command{
		{Run: func(ctx context.Context) error { return errors.Join(refusing.Run(ctx), errRefused) }},
		s.asking(r, &answer),
	})
	require.ErrorIs(t, outcomes[0], errRefused)
	require.NoError(t, outcomes[1])
	require.NotEqual(t, refused, answer)
	again, err := s.ask(t, r)
	require.NoError(t, err)
	require.Equal(t, answer, again)
	require.Equal(t, 2, s.rows(t), "one thing and one answer")
}

func repeatedInCommand(t *testing.T, s *subject) {
	r := newRequest()
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		one, err := s.make(ctx, r)
		require.NoError(t, err)
		other, err := s.make(ctx, r)
		require.Equal(t, one, other)
		return err
	}))
	require.Equal(t, 2, s.rows(t), "one thing and one answer")
}
