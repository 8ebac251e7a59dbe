package issues_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues"
	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/internal/sqlstore"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	outbox "github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/uow"
)

const header = "repository,number,title,publishedAt,closed,closedAt,commentCount\n"

var (
	noon    = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	agent   = domain.Actor{ID: uuid.UUID{15: 1}, Staff: true, Lead: true}
	ada     = uuid.UUID{15: 2}
	targets = domain.DefaultTargets()
)

// desk is a help desk in a database.
type desk struct {
	t     *testing.T
	pool  *db.Pool
	clock *clock.Virtual
	work  *uow.Work
	repo  domain.Repository
	views app.Views
	*issues.Exchange
}

// eachDesk runs a test on databases of each kind, of which it opens as many as it likes.
func eachDesk(t *testing.T, test func(t *testing.T, open func() *desk)) {
	t.Helper()
	schema := []db.Migrations{sqlstore.Migrations(), outbox.Migrations()}
	for name, create := range map[string]func(testing.TB, ...db.Migrations) *db.Pool{
		"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func() *desk { return newDesk(t, create(t, schema...)) })
		})
	}
}

func newDesk(t *testing.T, pool *db.Pool) *desk {
	t.Helper()
	d := &desk{
		t: t, pool: pool, clock: clock.NewVirtual(noon), work: uow.New(outbox.NewOutbox(pool), uow.Settings{}),
		repo: sqlstore.NewIssues(pool, "auctions.example", app.Message), views: sqlstore.NewViews(pool),
	}
	register := sqlstore.NewRegister(pool)
	all := app.NewDesk(app.Parts{Work: d.work, Issues: d.repo, Clock: d.clock})
	d.Exchange = issues.NewExchange(app.NewImportIssues(all, register), app.NewExportIssues(register, d.clock))
	return d
}

// imports imports a file of this content.
func (d *desk) imports(content string, o issues.ImportOptions) (issues.ImportResult, error) {
	d.t.Helper()
	name := filepath.Join(d.t.TempDir(), "issues.csv")
	require.NoError(d.t, os.WriteFile(name, []byte(content), 0o600))
	return d.Import(d.t.Context(), name, o)
}

// imported imports a file that is good.
func (d *desk) imported(content string) issues.ImportResult {
	d.t.Helper()
	result, err := d.imports(content, issues.ImportOptions{})
	require.NoError(d.t, err)
	result.IgnoredColumns = nil
	return result
}

func (d *desk) exported() string {
	d.t.Helper()
	var file bytes.Buffer
	require.NoError(d.t, d.Export(d.t.Context(), &file, false))
	return file.String()
}

// reported stores an issue that Ada has reported.
func (d *desk) reported(title string) uuid.UUID {
	d.t.Helper()
	id := uuid.Must(uuid.NewV7())
	require.NoError(d.t, d.work.Do(d.t.Context(), func(ctx context.Context) error {
		issue, err := domain.ReportByMember(domain.Report{ID: id, Title: title}, ada, targets, d.clock.Now())
		if err != nil {
			return err
		}
		return d.repo.Add(ctx, issue)
	}))
	return id
}

// change gives commands to an issue.
func (d *desk) change(id uuid.UUID, commands ...func(i *domain.Issue) error) {
	d.t.Helper()
	require.NoError(d.t, d.work.Do(d.t.Context(), func(ctx context.Context) error {
		issue, err := d.repo.Get(ctx, id)
		for _, command := range commands {
			if err == nil {
				err = command(issue)
			}
		}
		return err
	}))
}

// rows returns how many rows a table has, and the sum of the versions of all issues.
func (d *desk) rows() (events, versions int) {
	d.t.Helper()
	require.NoError(d.t, d.pool.Read().Get(d.t.Context(), &events, `SELECT count(*) FROM issue_events`))
	require.NoError(d.t, d.pool.Read().Get(d.t.Context(), &versions, `SELECT coalesce(sum(version), 0) FROM issues`))
	return events, versions
}

// file returns a file of n issues.
func file(n int) string {
	var b strings.Builder
	b.WriteString(header)
	for i := range n {
		fmt.Fprintf(&b, "r,%d,Issue %d,2020-10-19T12:46:54Z,,,%d\n", i+1, i+1, i%7)
	}
	return b.String()
}

func TestImportingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, open func() *desk) {
		for _, n := range []int{0, 1, 199, 200, 201, 401} { // about the size of a portion
			d := open()
			require.Equal(t, issues.ImportResult{Added: n}, d.imported(file(n)))
			events, versions := d.rows()
			require.Equal(t, [2]int{n, n}, [2]int{events, versions})
			d.clock.Advance(time.Hour)
			require.Equal(t, issues.ImportResult{Unchanged: n}, d.imported(file(n)))
			events, versions = d.rows()
			require.Equal(t, [2]int{n, n}, [2]int{events, versions})
			require.Equal(t, file(n), d.exported())
		}
	})
}

func TestWhatHasChangedSince(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, open func() *desk) {
		d := open()
		d.imported(header + "r,1,One,2020-10-19T12:46:54Z,,,0\nr,2,Two,2020-10-19T12:46:54Z,,,0\nr,3,Three,2020-10-19T12:46:54Z,,,0\n")
		touched := domain.Origin{Repository: "r", Number: 2}.ID()
		d.change(touched, func(i *domain.Issue) error {
			return i.Triage(agent, domain.CategorySite, domain.PriorityLow, targets, noon)
		})
		after := header + "r,1,Uno,2020-10-19T12:46:54Z,1,2020-10-20T00:00:00.5Z,4\nr,2,Due,2020-10-19T12:46:54Z,,,0\nr,3,Three,2020-10-19T12:46:54Z,,,0\n"
		require.Equal(t, issues.ImportResult{Updated: 1, Kept: 1, Unchanged: 1}, d.imported(after))
		require.Equal(t, issues.ImportResult{Kept: 1, Unchanged: 2}, d.imported(after))
		require.Equal(t, strings.Replace(after, "Due", "Two", 1), d.exported())
		head, err := d.views.Head(t.Context(), touched)
		require.NoError(t, err)
		require.Equal(t, domain.StateTriaged, head.State)
	})
}

// TestRoundTrip exports issues of both kinds, in all states, and imports them elsewhere and where they come from.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, open func() *desk) {
		d := open()
		d.imported(header + "b,1,\" =\r\n,\"\" \",2020-10-19T12:46:54.000001Z,1,2020-10-19T12:46:54.1Z,3\na,10,T,2020-10-19T12:46:54Z,,,0\na,9,T,2020-10-19T12:46:54Z,,,0\n")
		triage := func(i *domain.Issue) error {
			return i.Triage(agent, domain.CategorySite, domain.PriorityLow, targets, noon)
		}
		pick := func(i *domain.Issue) error { return i.Pick(agent, noon) }
		resolve := func(i *domain.Issue) error { return i.Resolve(agent, domain.ResolutionFixed, "So.", noon) }
		first := d.reported("First, \"quoted\"")
		d.change(d.reported("Commented"), func(i *domain.Issue) error { return i.Comment(agent, "Hm.", noon) })
		d.change(d.reported("Rejected"), func(i *domain.Issue) error { return i.Reject(agent, domain.RejectedSpam, "", noon) })
		d.change(d.reported("Resolved"), triage, pick, resolve)
		want := header + "a,9,T,2020-10-19T12:46:54Z,,,0\na,10,T,2020-10-19T12:46:54Z,,,0\n" +
			"auctions.example,1,\"First, \"\"quoted\"\"\",2026-03-01T12:00:00Z,,,0\n" +
			"auctions.example,2,Commented,2026-03-01T12:00:00Z,,,1\n" +
			"auctions.example,3,Rejected,2026-03-01T12:00:00Z,1,2026-03-01T12:00:00Z,0\n" +
			"auctions.example,4,Resolved,2026-03-01T12:00:00Z,,,0\n" +
			"b,1,\" =\r\n,\"\" \",2020-10-19T12:46:54.000001Z,1,2020-10-19T12:46:54.1Z,3\n"
		require.Equal(t, want, d.exported())

		other := open()
		require.Equal(t, issues.ImportResult{Added: 7}, other.imported(want))
		require.Equal(t, want, other.exported())
		require.Equal(t, issues.ImportResult{Unchanged: 7}, d.imported(want), "its own issues are no others")
		require.Equal(t, want, d.exported())

		d.clock.Advance(domain.CloseAfter) // no job runs
		require.Contains(t, d.exported(), "auctions.example,4,Resolved,2026-03-01T12:00:00Z,1,2026-03-08T12:00:00Z,0\n")
		require.Equal(t, issues.ImportResult{Kept: 1, Unchanged: 6}, d.imported(want))

		id := other.reported("After a move")
		require.Contains(t, other.exported(), "auctions.example,5,After a move,", "no number comes twice")
		other.change(id, func(i *domain.Issue) error { return i.Note(agent, "Seen.", noon) })
		d.change(first, func(i *domain.Issue) error { return i.Note(agent, "Seen.", noon) })
		require.Contains(t, d.exported(), "auctions.example,1,\"First")
	})
}

func TestBadRows(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, open func() *desk) {
		d := open()
		bad := file(250) + "r,251,,2020-10-19T12:46:54Z,,,0\nr,252,T,2020-10-19T12:46:54Z,,,0\n"
		_, err := d.imports(bad, issues.ImportOptions{})
		require.ErrorContains(t, err, "issues.csv: line 252, column 7 (title): it is empty")
		events, _ := d.rows()
		require.Zero(t, events, "nothing is imported")

		var told []int64
		result, err := d.imports(bad, issues.ImportOptions{SkipBadRows: true, Progress: func(done int64) { told = append(told, done) }})
		require.NoError(t, err)
		require.Equal(t, issues.ImportResult{Added: 251, BadRows: 1, IgnoredColumns: []string{}}, result)
		require.Equal(t, []int64{200, 251}, told)
	})
}

func TestAnImportThatWasInterruptedIsBegunAgain(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, open func() *desk) {
		d := open()
		name := filepath.Join(t.TempDir(), "issues.csv")
		require.NoError(t, os.WriteFile(name, []byte(file(401)), 0o600))
		ctx, cancel := context.WithCancel(t.Context())
		_, err := d.Import(ctx, name, issues.ImportOptions{Progress: func(int64) { cancel() }})
		require.ErrorIs(t, err, context.Canceled)
		events, _ := d.rows()
		require.Equal(t, 200, events, "portions are whole")
		require.Equal(t, issues.ImportResult{Added: 201, Unchanged: 200}, d.imported(file(401)))
	})
}

func TestTwoImportsAtTheSameTimeAddEachIssueOnce(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, open func() *desk) {
		const n = 1200
		d := open()
		rows := strings.SplitAfter(file(n), "\n")
		results, failed := make([]issues.ImportResult, 3), make([]error, 3)
		var all sync.WaitGroup
		for i := range results { // whose portions overlap
			name := filepath.Join(t.TempDir(), "issues.csv")
			require.NoError(t, os.WriteFile(name, []byte(rows[0]+strings.Join(rows[1+70*i:], "")), 0o600))
			all.Go(func() { results[i], failed[i] = d.Import(t.Context(), name, issues.ImportOptions{}) })
		}
		all.Wait()
		added := 0
		for i, r := range results {
			require.NoError(t, failed[i])
			require.Zero(t, r.Updated+r.Kept)
			require.Equal(t, n-70*i, r.Added+r.Unchanged)
			added += r.Added
		}
		require.Equal(t, n, added)
		require.Equal(t, file(n), d.exported())
	})
}

func TestWhatIsNoFile(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t, sqlstore.Migrations(), outbox.Migrations()))
	folder := t.TempDir()
	_, err := d.Import(t.Context(), folder, issues.ImportOptions{})
	require.ErrorContains(t, err, "is no file that can be read")
	_, err = d.Import(t.Context(), filepath.Join(folder, "missing.csv"), issues.ImportOptions{})
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = d.imports("", issues.ImportOptions{})
	require.ErrorContains(t, err, "is empty")
}

func TestResultForPeople(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	r := issues.ImportResult{Added: 4, Updated: 3, Unchanged: 2, Kept: 1, BadRows: 5, IgnoredColumns: []string{"body", "labels"}}
	require.NoError(t, r.WriteText(&text))
	require.Equal(t, "4 added, 3 updated, 2 unchanged, 1 kept as they are here\nbad rows left out: 5\n"+
		"columns that mean nothing here: body, labels\n", text.String())
	text.Reset()
	require.NoError(t, issues.ImportResult{}.WriteText(&text))
	require.Equal(t, "0 added, 0 updated, 0 unchanged, 0 kept as they are here\n", text.String())
}
