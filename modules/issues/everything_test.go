package issues_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/issues"
	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/internal/exchange"
	"github.com/gavelhq/gavel/modules/issues/internal/memory"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	stores "github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// The edges of what an issue can be, and what lies well within.
var (
	someRepositories = rapid.SampledFrom([]string{memory.House, memory.House, "elsewhere", "\"=a, b\r\n"})
	someNumbers      = rapid.OneOf(rapid.Int64Range(1, 3), rapid.Int64Range(domain.MaxNumber-3, domain.MaxNumber))
	someComments     = rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(domain.MaxNumber-3, domain.MaxNumber))
	someTitles       = rapid.SampledFrom([]string{"T", " ", "\r", "\r\n", "\"", "a,b", "\\.", "\ufeff", "=1"})
	someTimes        = rapid.SampledFrom([]time.Time{
		time.UnixMicro(0).UTC(), noon.AddDate(-1, 0, 0), noon, noon.Add(time.Microsecond), noon.Add(time.Hour),
		noon.Add(domain.CloseAfter + time.Hour), time.Date(9999, time.December, 31, 23, 59, 59, 999_999_000, time.UTC),
	})
)

// foreignIssue draws an issue of somewhere else that can be imported.
func foreignIssue(t *rapid.T) domain.Foreign {
	f := domain.Foreign{
		Origin: domain.Origin{Repository: someRepositories.Draw(t, "repository"), Number: someNumbers.Draw(t, "number")},
		Title:  someTitles.Draw(t, "title"), ReportedAt: someTimes.Draw(t, "reported"), Comments: someComments.Draw(t, "comments"),
	}
	if closed := someTimes.Draw(t, "closed"); rapid.Bool().Draw(t, "is closed") && !closed.Before(f.ReportedAt) {
		f.ClosedAt = closed
	}
	return f
}

// memoryDesk is a help desk in memory.
type memoryDesk struct {
	*issues.Exchange
	clock *clock.Virtual
	work  *uow.Work
	repo  domain.Repository
	ids   []uuid.UUID
}

func newMemoryDesk() *memoryDesk {
	data := stores.NewDatabase()
	store := memory.NewStore(data)
	d := &memoryDesk{
		clock: clock.NewVirtual(noon), work: uow.New(outbox.NewOutbox(data), uow.Settings{}), repo: memory.NewIssues(store, app.Message),
	}
	all := app.NewDesk(app.Parts{Work: d.work, Issues: d.repo, Clock: d.clock})
	register := memory.NewRegister(store)
	d.Exchange = issues.NewExchange(app.NewImportIssues(all, register), app.NewExportIssues(register, d.clock))
	return d
}

func (d *memoryDesk) add(t *rapid.T, issue *domain.Issue, err error) {
	require.NoError(t, err)
	require.NoError(t, d.work.Do(t.Context(), func(ctx context.Context) error { return d.repo.Add(ctx, issue) }))
	d.ids = append(d.ids, issue.ID())
}

// does gives an issue a command, which may be refused.
func (d *memoryDesk) does(t *rapid.T, command func(i *domain.Issue, now time.Time) error) {
	if len(d.ids) == 0 {
		return
	}
	id := rapid.SampledFrom(d.ids).Draw(t, "issue")
	_ = d.work.Do(t.Context(), func(ctx context.Context) error {
		issue, err := d.repo.Get(ctx, id)
		if err != nil {
			return err
		}
		return command(issue, d.clock.Now())
	})
}

func (d *memoryDesk) exported(t *rapid.T) string {
	var file bytes.Buffer
	require.NoError(t, d.Export(t.Context(), &file, false))
	return file.String()
}

// TestWhateverCanBeStoredComesBack lets a help desk import, report and work at random, at the edges of what issues can be.
// What it exports can be imported: it is nothing new here, and elsewhere it is exported as the same bytes.
func TestWhateverCanBeStoredComesBack(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "issues.csv")
	rapid.Check(t, func(t *rapid.T) {
		d := newMemoryDesk()
		t.Repeat(map[string]func(*rapid.T){
			"import": func(t *rapid.T) {
				f := foreignIssue(t)
				var file bytes.Buffer
				w, err := exchange.NewWriter(&file, false)
				require.NoError(t, err)
				require.NoError(t, w.Write(f))
				require.NoError(t, w.Flush())
				require.NoError(t, os.WriteFile(name, file.Bytes(), 0o600))
				_, err = d.Import(t.Context(), name, issues.ImportOptions{})
				require.NoError(t, err)
				d.ids = append(d.ids, f.Origin.ID())
			},
			"report": func(t *rapid.T) {
				issue, err := domain.ReportByMember(
					domain.Report{ID: uuid.New(), Title: fmt.Sprintf("Issue %d", len(d.ids))}, ada, targets, d.clock.Now())
				d.add(t, issue, err)
			},
			"comment": func(t *rapid.T) {
				d.does(t, func(i *domain.Issue, now time.Time) error { return i.Comment(agent, "Hm.", now) })
			},
			"triage": func(t *rapid.T) {
				d.does(t, func(i *domain.Issue, now time.Time) error {
					return i.Triage(agent, domain.CategorySite, domain.PriorityLow, targets, now)
				})
			},
			"pick": func(t *rapid.T) {
				d.does(t, func(i *domain.Issue, now time.Time) error { return i.Pick(agent, now) })
			},
			"resolve": func(t *rapid.T) {
				d.does(t, func(i *domain.Issue, now time.Time) error {
					return i.Resolve(agent, domain.ResolutionFixed, "So.", now)
				})
			},
			"reject": func(t *rapid.T) {
				d.does(t, func(i *domain.Issue, now time.Time) error { return i.Reject(agent, domain.RejectedSpam, "", now) })
			},
			"merge": func(t *rapid.T) {
				into := reportedNow(t, d)
				d.does(t, func(i *domain.Issue, now time.Time) error { return i.Merge(agent, into, "", now) })
			},
			"close": func(t *rapid.T) {
				d.does(t, func(i *domain.Issue, now time.Time) error { return i.Close(now) })
			},
			"wait": func(t *rapid.T) {
				d.clock.Advance(rapid.SampledFrom([]time.Duration{time.Microsecond, time.Hour, domain.CloseAfter}).Draw(t, "wait"))
			},
			"": func(t *rapid.T) {
				first := d.exported(t)
				require.NoError(t, os.WriteFile(name, []byte(first), 0o600))
				again, err := d.Import(t.Context(), name, issues.ImportOptions{})
				require.NoError(t, err)
				require.Zero(t, again.Added+again.Updated+again.Kept, "it finds its own")
				other := newMemoryDesk()
				other.clock.Set(d.clock.Now())
				_, err = other.Import(t.Context(), name, issues.ImportOptions{})
				require.NoError(t, err)
				require.Equal(t, first, other.exported(t))
			},
		})
	})
}

// reportedNow returns an issue into which others can be merged; it is not stored.
func reportedNow(t *rapid.T, d *memoryDesk) *domain.Issue {
	issue, err := domain.ReportByMember(domain.Report{ID: uuid.New(), Title: "Another"}, ada, targets, d.clock.Now())
	require.NoError(t, err)
	return issue
}
