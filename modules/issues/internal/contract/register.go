package contract

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
	"github.com/gavelhq/gavel/platform/uow"
)

// registerCases say under which numbers issues are known to others.
var registerCases = []testCase{
	{"issues are numbered when staff first see them, and stay so", numbersStay},
	{"all come by repository and number, as they are", allAsTheyAre},
	{"a number is given once", numbersOnce},
	{"an import of the last number leaves room for others", roomBelowTheLastNumber},
	{"units that report at once get different numbers", numbersAtOnce},
	{"what is imported again is found by its new words alone", rewordedByImport},
}

// numbers returns which issue has which number.
func (s *subject) numbers(t *testing.T) (numbers []domain.Origin, of map[domain.Origin]app.NumberedIssue) {
	t.Helper()
	of = map[domain.Origin]app.NumberedIssue{}
	for issue, err := range s.Register.All(t.Context()) {
		require.NoError(t, err)
		numbers = append(numbers, issue.Origin)
		of[issue.Origin] = issue
	}
	require.Len(t, of, len(numbers))
	return numbers, of
}

// numbered asks in a unit of its own.
func (s *subject) numbered(t *testing.T, origins ...domain.Origin) (found map[domain.Origin]uuid.UUID) {
	t.Helper()
	require.NoError(t, s.do(t, func(ctx context.Context) (err error) {
		found, err = s.Register.Numbered(ctx, origins)
		return err
	}))
	return found
}

func (s *subject) here(number int64) domain.Origin {
	return domain.Origin{Repository: s.House, Number: number}
}

// from returns what makes an issue from there.
func from(origin domain.Origin) func() (*domain.Issue, error) {
	return func() (*domain.Issue, error) {
		return domain.Import(domain.Foreign{Origin: origin, Title: "Imported", ReportedAt: noon}, noon)
	}
}

func numbersStay(t *testing.T, s *subject) {
	require.Empty(t, s.numbered(t))
	first, visitor := s.add(t, plain(newID(), noon)), s.add(t, byVisitor(newID(), noon))
	second := s.add(t, plain(newID(), noon))
	require.Equal(t, map[domain.Origin]uuid.UUID{s.here(1): first, s.here(2): second},
		s.numbered(t, s.here(0), s.here(1), s.here(2), s.here(3), domain.Origin{Repository: "elsewhere", Number: 1}))
	s.must(t, visitor, func(i *domain.Issue) error { return i.Confirm(secret(1), secret(2), noon) })
	s.must(t, visitor, func(i *domain.Issue) error { return i.Note(agent, "Seen.", noon) })
	s.must(t, first, func(i *domain.Issue) error { return i.Reject(agent, domain.RejectedSpam, "", noon) })
	require.Equal(t, map[domain.Origin]uuid.UUID{s.here(1): first, s.here(2): second, s.here(3): visitor},
		s.numbered(t, s.here(1), s.here(2), s.here(3)))
	_, err := s.Register.Numbered(t.Context(), nil)
	require.ErrorIs(t, err, uow.ErrNoUnit)
}

func allAsTheyAre(t *testing.T, s *subject) {
	none, _ := s.numbers(t)
	require.Empty(t, none)
	s.add(t, byVisitor(newID(), noon)) // nobody sees it
	s.lives(t)
	for _, origin := range []domain.Origin{{Repository: "Ours", Number: 10}, {Repository: "Ours", Number: 9}, {Repository: "\u00e9", Number: 1}, {Repository: "z", Number: 1}} {
		s.add(t, from(origin))
	}
	numbers, of := s.numbers(t)
	require.Equal(t, []domain.Origin{
		{Repository: "Ours", Number: 9},
		{Repository: "Ours", Number: 10},
		s.here(1), s.here(2), s.here(3), s.here(4), s.here(5),
		{Repository: "ours/program", Number: 7},
		{Repository: "z", Number: 1},
		{Repository: "\u00e9", Number: 1},
	}, numbers)
	for origin, id := range s.numbered(t, numbers...) {
		state := s.kept[id].state
		want := app.NumberedIssue{
			Origin: origin, Title: state.Title, ReportedAt: state.ReportedAt, EndedAt: state.EndedAt, Phase: state.Phase(),
			Comments: state.Comments,
		}
		valuetest.RequireSame(t, want, of[origin], "the issue")
		valuetest.RequireUTC(t, of[origin])
	}
	for range s.Register.All(t.Context()) {
		break // nothing is left behind
	}
}

func numbersOnce(t *testing.T, s *subject) {
	s.add(t, plain(newID(), noon))
	require.ErrorIs(t, s.do(t, func(ctx context.Context) error {
		issue, err := from(s.here(1))()
		require.NoError(t, err)
		return s.Issues.Add(ctx, issue)
	}), domain.ErrIssueTaken)
	s.add(t, from(s.here(7))) // out of a backup, it may be
	next := s.add(t, plain(newID(), noon))
	require.Equal(t, map[domain.Origin]uuid.UUID{s.here(8): next}, s.numbered(t, s.here(2), s.here(8)))
	s.requireKept(t)
}

func roomBelowTheLastNumber(t *testing.T, s *subject) {
	s.add(t, from(s.here(domain.MaxNumber)))
	next := func(want int64) {
		t.Helper()
		id := s.add(t, plain(newID(), noon))
		require.Equal(t, map[domain.Origin]uuid.UUID{s.here(want): id}, s.numbered(t, s.here(want)))
	}
	next(1)
	next(2)
	s.add(t, from(s.here(domain.MaxNumber-1)))
	next(3)
	s.add(t, from(s.here(domain.MaxNumber-3)))
	next(domain.MaxNumber - 2)
	next(4)
	s.add(t, from(s.here(6)))
	next(7)
}

func numbersAtOnce(t *testing.T, s *subject) {
	succeeded, refused := s.atOnce(t, crowd, func(ctx context.Context, _ int) error {
		issue, err := plain(newID(), noon)()
		require.NoError(t, err)
		return s.Issues.Add(ctx, issue)
	})
	require.Equal(t, crowd, succeeded, "%v", refused)
	numbers, _ := s.numbers(t)
	var want []domain.Origin
	for n := range int64(crowd) {
		want = append(want, s.here(n+1))
	}
	require.Equal(t, want, slices.Clone(numbers))
}

func rewordedByImport(t *testing.T, s *subject) {
	id := s.add(t, from(domain.Origin{Repository: "r", Number: 1}))
	s.must(t, id, func(i *domain.Issue) error {
		became, err := i.ImportAgain(domain.Foreign{Origin: i.State().Origin, Title: "Renamed", ReportedAt: noon}, noon)
		require.Equal(t, domain.ReimportUpdated, became)
		return err
	})
	s.requireKept(t)
	require.Empty(t, s.found(t, app.Filter{Words: "imported"}, agent))
	require.Equal(t, []uuid.UUID{id}, s.found(t, app.Filter{Words: "renamed"}, agent))
	require.Len(t, s.timeline(t, id, domain.AudienceStaff, 10), 2)
}
