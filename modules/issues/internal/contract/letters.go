package contract

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// letterCases are about letters that are yet to be mailed.
var letterCases = []testCase{
	{"a letter comes back as it was", lettersKept},
	{"a letter is there if and only if what it tells is", letterInUnit},
	{"letters are due in the order of their time", lettersDue},
	{"a letter is taken once", letterTakenOnce},
}

// write stores a letter about an issue.
func (s *subject) write(t *testing.T, at time.Time) uuid.UUID {
	t.Helper()
	id := newID()
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		return s.Letters.Add(ctx, domain.NewLetter(id, domain.LetterNews, uuid.UUID{7}, at))
	}))
	return id
}

// letter returns a letter as it is stored. Errors: those of Get.
func (s *subject) letter(t *testing.T, id uuid.UUID) (state domain.LetterState, err error) {
	t.Helper()
	err = s.do(t, func(ctx context.Context) error {
		letter, err := s.Letters.Get(ctx, id)
		if err == nil {
			state = letter.State()
		}
		return err
	})
	return state, err
}

func (s *subject) withLetter(t *testing.T, id uuid.UUID, change func(*domain.Letter)) {
	t.Helper()
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		letter, err := s.Letters.Get(ctx, id)
		if err == nil {
			change(letter)
		}
		return err
	}))
}

func lettersKept(t *testing.T, s *subject) {
	for _, kind := range []domain.LetterKind{domain.LetterConfirm, domain.LetterConfirmed, domain.LetterNews, domain.LetterAgain} {
		id := newID()
		require.NoError(t, s.do(t, func(ctx context.Context) error {
			return s.Letters.Add(ctx, domain.NewLetter(id, kind, uuid.UUID{7}, noon))
		}))
		got, err := s.letter(t, id)
		require.NoError(t, err)
		want := domain.LetterState{ID: id, Version: 1, Kind: kind, Issue: uuid.UUID{7}, WrittenAt: noon, DueAt: noon}
		valuetest.RequireSame(t, want, got, "the letter")
		s.withLetter(t, id, func(l *domain.Letter) { l.Attempt(time.Minute, noon.Add(time.Hour)) })
		want.Version, want.Attempts, want.DueAt = 2, 1, noon.Add(time.Hour+time.Minute)
		got, err = s.letter(t, id)
		require.NoError(t, err)
		valuetest.RequireSame(t, want, got, "the letter")
	}
	id := newID()
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		return s.Letters.Add(ctx, domain.NothingReported(id, domain.RestoreEmail("Vera@example.org"), noon))
	}))
	got, err := s.letter(t, id)
	require.NoError(t, err)
	valuetest.RequireSame(t, domain.LetterState{
		ID: id, Version: 1, Kind: domain.LetterNothing, Email: "Vera@example.org", WrittenAt: noon, DueAt: noon,
	}, got, "the letter")
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		return s.Letters.Add(ctx, domain.NewLetter(id, domain.LetterNews, uuid.UUID{7}, noon))
	}), domain.ErrLetterTaken)
}

func letterInUnit(t *testing.T, s *subject) {
	letter, issue := newID(), newID()
	unit := func(outcome error) error {
		return s.do(t, func(ctx context.Context) error {
			i, err := unconfirmed(aboutBob(issue), "vera@example.org", noon)
			if err != nil {
				return err
			}
			if err := s.Issues.Add(ctx, i); err != nil {
				return err
			}
			if err := s.Letters.Add(ctx, domain.NewLetter(letter, domain.LetterConfirm, issue, noon)); err != nil {
				return err
			}
			return outcome
		})
	}
	require.ErrorIs(t, unit(errCommand), errCommand)
	_, err := s.letter(t, letter)
	require.ErrorIs(t, err, domain.ErrLetterNotFound)
	require.NoError(t, unit(nil))
	_, err = s.letter(t, letter)
	require.NoError(t, err)
	_, err = s.get(t, issue)
	require.NoError(t, err)
	require.NoError(t, s.do(t, func(ctx context.Context) error { return s.Letters.Remove(ctx, letter) }))
	_, err = s.letter(t, letter)
	require.ErrorIs(t, err, domain.ErrLetterNotFound)
}

func lettersDue(t *testing.T, s *subject) {
	_, planned, err := s.LettersDue.Next(t.Context())
	require.NoError(t, err)
	require.False(t, planned)
	second, third, first := s.write(t, noon), s.write(t, noon), s.write(t, noon.Add(-microsecond))
	due := func(now time.Time, limit int) []uuid.UUID {
		ids, err := s.LettersDue.Due(t.Context(), now, limit)
		require.NoError(t, err)
		return ids
	}
	next, planned, err := s.LettersDue.Next(t.Context())
	require.NoError(t, err)
	require.True(t, planned)
	require.Equal(t, noon.Add(-microsecond), next)
	require.Empty(t, due(noon.Add(-2*microsecond), 10))
	require.Equal(t, []uuid.UUID{first}, due(noon.Add(-microsecond), 10))
	require.Equal(t, []uuid.UUID{first, second, third}, due(noon, 10), "equal ones by id")
	require.Equal(t, []uuid.UUID{first, second}, due(noon, 2))
	s.withLetter(t, first, func(l *domain.Letter) { l.Failed(microsecond, noon) })
	require.Equal(t, []uuid.UUID{second, third, first}, due(noon.Add(microsecond), 10))
}

func letterTakenOnce(t *testing.T, s *subject) {
	id := s.write(t, noon)
	taken := 0
	take := func(ctx context.Context) error {
		letter, err := s.Letters.Get(ctx, id)
		if err != nil {
			return err
		}
		if letter.Due(noon) {
			letter.Attempt(time.Minute, noon)
			taken++
		}
		return nil
	}
	require.NoError(t, s.do(t, take))
	require.NoError(t, s.do(t, take))
	require.Equal(t, 1, taken)
}
