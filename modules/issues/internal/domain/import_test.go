package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// foreign is an open issue from elsewhere.
func foreign() domain.Foreign {
	return domain.Foreign{
		Origin: domain.Origin{Repository: "vuejs/vue", Number: 11718}, Title: " broken\r\ntest ", ReportedAt: noon.Add(-2000 * day), Comments: 3,
	}
}

func TestImport(t *testing.T) {
	t.Parallel()

	t.Run("an open issue", func(t *testing.T) {
		t.Parallel()
		i, err := domain.Import(foreign(), noon)
		require.NoError(t, err)
		events := happened(t, i, domain.KindImported)
		require.Equal(t, noon, events[0].At)
		require.Equal(t, domain.RoleHouse, events[0].Role)
		require.Equal(t, domain.IssueState{
			ID: foreign().Origin.ID(), Version: 1, State: domain.StateReported, Title: " broken\r\ntest ", Origin: foreign().Origin,
			Priority: domain.PriorityNormal, ReportedAt: noon.Add(-2000 * day), Comments: 3, Seq: 1, LastAt: noon,
			ImportedSeq: 1,
		}, i.State())
	})

	t.Run("a closed one is over", func(t *testing.T) {
		t.Parallel()
		f := foreign()
		f.ClosedAt = f.ReportedAt
		i, err := domain.Import(f, noon)
		require.NoError(t, err)
		require.Equal(t, domain.StateClosed, i.State().State)
		require.Equal(t, f.ClosedAt, i.State().EndedAt)
		require.Zero(t, i.State().Due())
	})

	t.Run("promises nothing before the triage", func(t *testing.T) {
		t.Parallel()
		i, err := domain.Import(foreign(), noon)
		require.NoError(t, err)
		require.Zero(t, i.State().Due())
		require.False(t, i.Breaches(noon.Add(100*day)))
		require.NoError(t, i.Triage(agent, domain.CategorySite, domain.PriorityHigh, targets, noon.Add(100*day)))
		require.Equal(t, noon.Add(100*day+4*time.Hour), i.State().Due())
	})

	t.Run("is staff's alone", func(t *testing.T) {
		t.Parallel()
		i, err := domain.Import(foreign(), noon)
		require.NoError(t, err)
		for name, by := range actors {
			_, err := i.State().Readers().Audience(by)
			if by.Staff && by.ID != person(0) && name != "staff without id" {
				require.NoError(t, err, name)
			} else {
				require.ErrorIs(t, err, domain.ErrIssueNotFound, name)
			}
		}
	})

	t.Run("is found again", func(t *testing.T) {
		t.Parallel()
		id := foreign().Origin.ID()
		require.Equal(t, "f8a6f1e4-585b-530e-bb95-bcb95f3d3ea8", id.String(), "ids in databases were made with it")
		require.NotEqual(t, id, domain.Origin{Repository: "vuejs/vue", Number: 1171}.ID())
		require.NotEqual(t, id, domain.Origin{Repository: "vuejs/vue1", Number: 1718}.ID())
	})

	title := func(s string) func(*domain.Foreign) { return func(f *domain.Foreign) { f.Title = s } }
	repository := func(s string) func(*domain.Foreign) { return func(f *domain.Foreign) { f.Origin.Repository = s } }
	number := func(n int64) func(*domain.Foreign) { return func(f *domain.Foreign) { f.Origin.Number = n } }
	for name, c := range map[string]struct {
		change func(*domain.Foreign)
		want   error
	}{
		"a title of nothing but blanks":  {title(" \n "), nil},
		"a title with control letters":   {title("a\x01\u202eb"), nil},
		"no title":                       {title(""), domain.ErrInvalidTitle},
		"a title that no store can keep": {title("a\x00b"), domain.ErrInvalidTitle},
		"a title that is not UTF-8":      {title("a\xff"), domain.ErrInvalidTitle},
		"the longest title":              {title(strings.Repeat("🙂", domain.MaxTitle)), nil},
		"a title that is too long":       {title(strings.Repeat("🙂", domain.MaxTitle+1)), domain.ErrInvalidTitle},
		"no repository":                  {repository(""), domain.ErrInvalidOrigin},
		"a long repository":              {repository(strings.Repeat("ä", domain.MaxRepository)), nil},
		"a repository that is too long":  {repository(strings.Repeat("ä", domain.MaxRepository+1)), domain.ErrInvalidOrigin},
		"a repository with a NUL":        {repository("a\x00"), domain.ErrInvalidOrigin},
		"a repository that is not UTF-8": {repository("\xff"), domain.ErrInvalidOrigin},
		"number 1":                       {number(1), nil},
		"number 0":                       {number(0), domain.ErrInvalidOrigin},
		"the last number":                {number(domain.MaxNumber), nil},
		"a number after the last":        {number(domain.MaxNumber + 1), domain.ErrInvalidOrigin},
		"no time":                        {func(f *domain.Foreign) { f.ReportedAt = time.Time{} }, domain.ErrInvalidTimes},
		"closed before it was reported":  {func(f *domain.Foreign) { f.ClosedAt = f.ReportedAt.Add(-tick) }, domain.ErrInvalidTimes},
		"closed right away":              {func(f *domain.Foreign) { f.ClosedAt = f.ReportedAt }, nil},
		"no comments":                    {func(f *domain.Foreign) { f.Comments = 0 }, nil},
		"as many as can be":              {func(f *domain.Foreign) { f.Comments = domain.MaxNumber }, nil},
		"more than can be":               {func(f *domain.Foreign) { f.Comments = domain.MaxNumber + 1 }, domain.ErrInvalidComments},
		"less than none":                 {func(f *domain.Foreign) { f.Comments = -1 }, domain.ErrInvalidComments},
		"a text":                         {func(f *domain.Foreign) { f.Text = "It broke." }, nil},
		"a text that is too long":        {func(f *domain.Foreign) { f.Text = strings.Repeat("x", domain.MaxText+1) }, domain.ErrInvalidText},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := foreign()
			c.change(&f)
			i, err := domain.Import(f, noon)
			require.ErrorIs(t, err, c.want)
			if err == nil {
				require.Equal(t, f.Title, i.State().Title)
			}
		})
	}
}

// imported returns an issue that was imported, as stores give it out.
func imported(t *testing.T, f domain.Foreign) *domain.Issue {
	t.Helper()
	i, err := domain.Import(f, noon)
	require.NoError(t, err)
	i.Settle()
	return i
}

func TestImportingAgain(t *testing.T) {
	t.Parallel()

	again := func(t *testing.T, i *domain.Issue, f domain.Foreign) domain.Reimport {
		t.Helper()
		became, err := i.ImportAgain(f, noon.Add(day))
		require.NoError(t, err)
		return became
	}

	t.Run("what is the same changes nothing", func(t *testing.T) {
		t.Parallel()
		f := foreign()
		f.ClosedAt = f.ReportedAt.Add(time.Hour)
		for _, same := range []domain.Foreign{foreign(), f} {
			i := imported(t, same)
			before := i.State()
			same.Text = "Words that a file of issues does not have."
			same.ReportedAt = same.ReportedAt.Add(time.Microsecond - 1).In(time.FixedZone("east", 3600))
			require.Equal(t, domain.ReimportUnchanged, again(t, i, same))
			recorded, changed := i.Settle()
			require.Empty(t, recorded)
			require.False(t, changed)
			require.Equal(t, before, i.State())
		}
	})

	for name, change := range map[string]func(f *domain.Foreign){
		"its title":          func(f *domain.Foreign) { f.Title += " " },
		"its comments":       func(f *domain.Foreign) { f.Comments-- },
		"when it was made":   func(f *domain.Foreign) { f.ReportedAt = f.ReportedAt.Add(-time.Microsecond) },
		"that it was closed": func(f *domain.Foreign) { f.ClosedAt = f.ReportedAt },
	} {
		t.Run("what has changed is taken over: "+name, func(t *testing.T) {
			t.Parallel()
			i, f := imported(t, foreign()), foreign()
			change(&f)
			require.Equal(t, domain.ReimportUpdated, again(t, i, f))
			events := happened(t, i, domain.KindImported)
			require.Equal(t, noon.Add(day), events[0].At)
			want, err := domain.Import(f, noon.Add(day))
			require.NoError(t, err)
			want.Settle()
			expected := want.State()
			expected.Version, expected.Seq, expected.ImportedSeq = 2, 2, 2
			require.Equal(t, expected, i.State())
			require.Equal(t, domain.ReimportUpdated, again(t, i, foreign()), "and back again, reopened as it may be")
		})

		t.Run("what somebody here has touched is kept: "+name, func(t *testing.T) {
			t.Parallel()
			i, f := imported(t, foreign()), foreign()
			require.NoError(t, i.Note(agent, "Ours now.", noon))
			i.Settle()
			before := i.State()
			require.Equal(t, domain.ReimportUnchanged, again(t, i, f))
			change(&f)
			require.Equal(t, domain.ReimportKept, again(t, i, f))
			require.Equal(t, before, i.State())
		})
	}

	t.Run("what was reported here is kept", func(t *testing.T) {
		t.Parallel()
		i, err := domain.ReportByMember(domain.Report{ID: foreign().Origin.ID(), Title: "A question"}, ada, targets, noon)
		require.NoError(t, err)
		i.Settle()
		f := foreign()
		require.Equal(t, domain.ReimportKept, again(t, i, f))
		f.Title, f.Comments, f.ReportedAt = "A question", 0, noon
		require.Equal(t, domain.ReimportUnchanged, again(t, i, f))
	})

	t.Run("what was closed by the clock is the same before the job has run", func(t *testing.T) {
		t.Parallel()
		i := imported(t, foreign())
		require.NoError(t, i.Triage(agent, domain.CategorySite, domain.PriorityLow, targets, noon))
		require.NoError(t, i.Pick(agent, noon))
		require.NoError(t, i.Resolve(agent, domain.ResolutionFixed, "So.", noon))
		f, end := foreign(), noon.Add(domain.CloseAfter)
		f.ClosedAt = end
		became, err := i.ImportAgain(f, end)
		require.NoError(t, err)
		require.Equal(t, domain.ReimportUnchanged, became)
		became, err = i.ImportAgain(f, end.Add(-time.Microsecond))
		require.NoError(t, err)
		require.Equal(t, domain.ReimportKept, became, "it is not closed yet")
	})

	t.Run("what makes no sense changes nothing", func(t *testing.T) {
		t.Parallel()
		i, f := imported(t, foreign()), foreign()
		f.Title = ""
		_, err := i.ImportAgain(f, noon)
		require.ErrorIs(t, err, domain.ErrInvalidTitle)
		require.Equal(t, foreign().Title, i.State().Title)
	})
}
