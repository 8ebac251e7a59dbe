package contract

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// overlapCases run units over the same issues at once, as several servers would.
var overlapCases = []testCase{
	{"no comment is lost between two units", func(t *testing.T, s *subject) { noLostComment(t, s, false) }},
	{"no comment is lost between two units that lock", func(t *testing.T, s *subject) { noLostComment(t, s, true) }},
	{"what was removed meanwhile is not changed", removedMeanwhile},
	{"what was confirmed meanwhile is not removed unseen", confirmedMeanwhile},
	{"two issues are not merged into each other", notIntoEachOther},
	{"of many who pick an issue one has it", oneWhoPicks},
	{"of many issues with one id one is added", oneIsAdded},
}

// comment returns a command that comments, after it has met the other unit.
func (s *subject) comment(id uuid.UUID, text string, meet func()) func(context.Context) error {
	return func(ctx context.Context) error {
		issue, err := s.Issues.Get(ctx, id)
		if err != nil {
			return err
		}
		meet()
		return issue.Comment(agent, text, noon)
	}
}

func (s *subject) overlapping(
	t *testing.T, first func(ctx context.Context, meet func()) error, second func(context.Context) error, hints ...uow.Hint,
) (runs int, err error) {
	t.Helper()
	return uowtest.Overlap(t, s.Work, s.Waiting, first, func() error { return s.Work.Do(t.Context(), second) }, hints...)
}

func noLostComment(t *testing.T, s *subject, locked bool) {
	id := s.add(t, plain(newID(), noon))
	var hints []uow.Hint
	if locked {
		hints = append(hints, s.Issues.Loads(id))
	}
	runs, err := s.overlapping(t, func(ctx context.Context, meet func()) error {
		return s.comment(id, "first", meet)(ctx)
	}, s.comment(id, "second", func() {}), hints...)
	require.NoError(t, err)
	s.Waiting.RequireRuns(t, runs, locked)
	issue, err := s.get(t, id)
	require.NoError(t, err)
	require.Equal(t, int64(3), issue.Version())
	require.Equal(t, int64(2), issue.State().Comments)
	require.Len(t, s.timeline(t, id, domain.AudienceStaff, 100), 3)
}

func removedMeanwhile(t *testing.T, s *subject) {
	id := s.add(t, plain(newID(), noon))
	_, err := s.overlapping(t, func(ctx context.Context, meet func()) error {
		return s.comment(id, "first", meet)(ctx)
	}, func(ctx context.Context) error { return s.Issues.Remove(ctx, id) })
	if s.Waiting.BothProceed(false) {
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
	} else { // it was removed afterwards
		require.NoError(t, err)
	}
	_, err = s.get(t, id)
	require.ErrorIs(t, err, domain.ErrIssueNotFound)
	require.Empty(t, s.timeline(t, id, domain.AudienceStaff, 100))
}

// confirmedMeanwhile lets the clock remove what a visitor confirms at the last moment.
func confirmedMeanwhile(t *testing.T, s *subject) {
	id := s.add(t, byVisitor(newID(), noon))
	runs, err := s.overlapping(t, func(ctx context.Context, meet func()) error {
		issue, err := s.Issues.Get(ctx, id)
		if err != nil {
			return err
		}
		meet()
		if !issue.Expired(noon.Add(domain.ConfirmLifetime)) {
			return nil
		}
		return s.Issues.Remove(ctx, id)
	}, func(ctx context.Context) error {
		issue, err := s.Issues.Get(ctx, id)
		if err != nil { // it came too late
			return nil //nolint:nilerr // which of them is first depends on the store
		}
		return issue.Confirm(secret(1), secret(2), noon)
	})
	require.NoError(t, err)
	s.Waiting.RequireRuns(t, runs, false)
	issue, err := s.get(t, id)
	if s.Waiting.BothProceed(false) {
		require.NoError(t, err)
		require.Equal(t, domain.StateReported, issue.State().State)
	} else {
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
	}
}

// atOnce runs n units and returns how many succeeded, and the errors of the others.
func (s *subject) atOnce(t *testing.T, n int, run func(ctx context.Context, i int) error) (succeeded int, refused []error) {
	t.Helper()
	outcomes := make([]error, n)
	var units sync.WaitGroup
	for i := range n {
		units.Go(func() {
			outcomes[i] = s.Work.Do(t.Context(), func(ctx context.Context) error { return run(ctx, i) })
		})
	}
	units.Wait()
	for _, err := range outcomes {
		if err == nil {
			succeeded++
		} else {
			refused = append(refused, err)
		}
	}
	return succeeded, refused
}

func notIntoEachOther(t *testing.T, s *subject) {
	ids := []uuid.UUID{s.add(t, plain(newID(), noon)), s.add(t, plain(newID(), noon))}
	succeeded, refused := s.atOnce(t, 2, func(ctx context.Context, i int) error {
		a, err := s.Issues.Get(ctx, ids[i])
		if err != nil {
			return err
		}
		b, err := s.Issues.Get(ctx, ids[1-i])
		if err != nil {
			return err
		}
		return a.Merge(agent, b, "", noon)
	})
	require.Equal(t, 1, succeeded)
	require.ErrorIs(t, refused[0], domain.ErrTargetMerged)
}

// crowd is how many units run at once.
const crowd = 8

func oneWhoPicks(t *testing.T, s *subject) {
	id := s.triaged(t, noon)
	succeeded, refused := s.atOnce(t, crowd, func(ctx context.Context, i int) error {
		issue, err := s.Issues.Get(ctx, id)
		if err != nil {
			return err
		}
		return issue.Pick(domain.Actor{ID: newID(), Staff: true}, noon)
	})
	require.Equal(t, 1, succeeded)
	for _, err := range refused {
		require.ErrorIs(t, err, domain.ErrTransition)
	}
	require.Len(t, s.timeline(t, id, domain.AudienceStaff, 100), 3)
}

func oneIsAdded(t *testing.T, s *subject) {
	id := newID()
	succeeded, refused := s.atOnce(t, crowd, func(ctx context.Context, _ int) error {
		issue, err := plain(id, noon)()
		if err != nil {
			return err
		}
		return s.Issues.Add(ctx, issue)
	})
	require.Equal(t, 1, succeeded)
	for _, err := range refused {
		require.ErrorIs(t, err, domain.ErrIssueTaken)
	}
	require.Len(t, s.Messages(t), 1)
}
