package sqlstore_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/contract"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/internal/sqlstore"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

var (
	noon    = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	agent   = domain.Actor{ID: uuid.UUID{15: 1}, Staff: true}
	member  = domain.Actor{ID: uuid.UUID{15: 2}}
	targets = domain.DefaultTargets()
)

// TestPlans asks the databases how they answer at a help desk of 30,000 issues, nearly all of which are closed.
func TestPlans(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		crowd(t, pool)
		now := noon.AddDate(0, 0, 1)
		after := app.IssueKey{Rank: 3, At: now.UnixMicro(), ID: agent.ID}

		for name, c := range map[string]struct {
			filter app.Filter
			viewer domain.Actor
			index  string
			merges bool // several branches, none of which reads further than the page goes
		}{
			"the queue":     {filter: app.Queue(), viewer: agent, index: "issues_in_state_by_rank"},
			"mine":          {filter: app.Mine(agent.ID), viewer: agent, index: "issues_of_assignee", merges: true},
			"unassigned":    {filter: app.Unassigned(), viewer: agent, index: "issues_in_state_by_rank", merges: true},
			"all, newest":   {viewer: agent, index: "issues_by_report"},
			"all, oldest":   {filter: app.Filter{Sort: app.SortOldest}, viewer: agent, index: "issues_by_report"},
			"all, by rank":  {filter: app.Filter{Sort: app.SortQueue}, viewer: agent, index: "issues_by_rank"},
			"triaged":       {filter: app.Filter{States: []domain.State{domain.StateTriaged}}, viewer: agent, index: "issues_in_state_by_report"},
			"closed":        {filter: app.Filter{States: []domain.State{domain.StateClosed}}, viewer: agent, index: "issues_in_state_by_report", merges: true},
			"in a category": {filter: app.Filter{Category: domain.CategoryAbuse}, viewer: agent, index: "issues_in_category", merges: true},
			"a member's":    {viewer: member, index: "issues_of_reporter", merges: true},
		} {
			for _, key := range []app.IssueKey{{}, after} {
				q := sqlstore.ListQuery(pool.Dialect(), c.filter, c.viewer, now, key)
				plan := explain(t, pool, q)
				require.Contains(t, plan, c.index, name)
				requireNoScan(t, name, plan)
				if !c.merges {
					require.NotContains(t, plan, "Sort", name)
					require.NotContains(t, plan, "TEMP B-TREE", name)
				}
			}
		}
		for name, f := range map[string]app.Filter{"queue": app.Queue(), "unassigned": app.Unassigned()} {
			requireNoScan(t, "counts of the "+name, explain(t, pool, sqlstore.CountQuery(pool.Dialect(), f, agent, now)))
		}
		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error { return beside(ctx, tx) }))
		words := sqlstore.ListQuery(pool.Dialect(), app.Filter{Words: "zebra"}, agent, now, app.IssueKey{})
		require.Contains(t, explain(t, pool, words), "issue_words", "search")
		for name, q := range sqlstore.ScheduleQueries(agent.ID, now) {
			plan := explain(t, pool, q)
			requireNoScan(t, name, plan)
			if name == "due" || name == "next" {
				require.Contains(t, plan, "issues_due", name)
			}
		}
		next := explain(t, pool, sqlstore.NumberQuery("crowd", agent.ID))
		requireNoScan(t, "the next number", next)
		require.NotContains(t, next, "Sort", "the next number")
		visitors := explain(t, pool, sqlstore.VisitorsQuery("vera@example.org", now))
		require.Contains(t, visitors, "issues_of_email", "a visitor's")
		for _, audience := range []domain.Audience{domain.AudienceStaff, domain.AudienceReporter} {
			requireNoScan(t, "timeline", explain(t, pool, sqlstore.TimelineQuery(agent.ID, audience)))
		}
	}, schema...)
}

// crowd fills the database with 30,000 copies of a few issues: SQLite, which plans without looking at how many there are,
// with fewer.
func crowd(t *testing.T, pool *db.Pool) {
	t.Helper()
	s := newStore(pool)
	copies := map[uuid.UUID]int{
		made(t, s):                              300,
		made(t, s, triage):                      300,
		made(t, s, triage, pick):                300,
		made(t, s, triage, pick, resolve):       300,
		made(t, s, triage, pick, resolve, shut): 28_800,
	}
	if pool.Dialect() == db.SQLite {
		for original := range copies {
			copies[original] /= 100
		}
	}
	numbers, id := `generate_series(1, $2::bigint) AS numbers (n)`, `gen_random_uuid()`
	someone := `(substr(md5(n::text), 1, 32))::uuid`
	if pool.Dialect() == db.SQLite {
		numbers = `(WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $2) SELECT n FROM numbers) AS numbers`
		id = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' ||
			hex(randomblob(2)) || '-' || hex(randomblob(6)))`
		someone = id
	}
	columns := sqlstore.HeadColumns()
	values := strings.NewReplacer(
		" reported_at", " reported_at - n * 1000000", " reporter,", " "+someone+",", " category,",
		` CASE n % 4 WHEN 0 THEN 'other' WHEN 1 THEN 'listing' WHEN 2 THEN 'site' ELSE category END,`,
	).Replace(columns)
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for original, n := range copies {
			_, err := tx.Exec(ctx, `INSERT INTO issues (id, `+columns+`) SELECT `+id+`, `+values+` FROM issues, `+numbers+
				` WHERE issues.id = $1`, original, n)
			if err != nil {
				return err
			}
		}
		if pool.Dialect() == db.Postgres {
			_, err := tx.Exec(ctx, `ANALYZE issues`)
			return err
		}
		return nil
	}))
}

// beside fills the tables beside the heads for PostgreSQL, which reads small ones as a whole.
func beside(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO issue_numbers (repository, number, issue_id)
		SELECT 'crowd', row_number() OVER (ORDER BY id), id FROM issues WHERE id NOT IN (SELECT issue_id FROM issue_numbers)`)
	if err != nil || tx.Dialect() == db.SQLite {
		return err
	}
	for _, statement := range []string{
		`INSERT INTO issue_events (issue_id, seq, at, kind, role, state, text)
			SELECT id, 1, last_at, 'reported', 'reporter', 'reported', '' FROM issues ON CONFLICT DO NOTHING`,
		`INSERT INTO issue_words (issue_id, words)
			SELECT id, array_to_tsvector(ARRAY[substr(id::text, 1, 6)]) FROM issues LIMIT 20000 ON CONFLICT DO NOTHING`,
		`ANALYZE issue_events`, `ANALYZE issue_words`, `ANALYZE issue_numbers`,
	} {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// made stores an issue to which all this has happened.
func made(t *testing.T, s contract.Store, commands ...func(i *domain.Issue) error) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		issue, err := domain.ReportByMember(domain.Report{ID: id, Title: "A question", Text: "How?"}, member.ID, targets, noon)
		if err != nil {
			return err
		}
		for _, command := range commands {
			if err := command(issue); err != nil {
				return err
			}
		}
		return s.Issues.Add(ctx, issue)
	}))
	return id
}

func triage(i *domain.Issue) error {
	return i.Triage(agent, domain.CategoryAbuse, domain.PriorityHigh, targets, noon)
}
func pick(i *domain.Issue) error    { return i.Pick(agent, noon) }
func resolve(i *domain.Issue) error { return i.Resolve(agent, domain.ResolutionFixed, "So.", noon) }
func shut(i *domain.Issue) error    { return i.Close(noon.Add(domain.CloseAfter)) }

// explain returns the plan of a query, one line a step.
func explain(t *testing.T, pool *db.Pool, q sqlstore.Query) (plan string) {
	t.Helper()
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if tx.Dialect() == db.SQLite {
			var steps []struct {
				ID      int    `db:"id"`
				Parent  int    `db:"parent"`
				NotUsed int    `db:"notused"`
				Detail  string `db:"detail"`
			}
			err := tx.Select(ctx, &steps, "EXPLAIN QUERY PLAN "+q.Text, q.Args...)
			for _, s := range steps {
				plan += s.Detail + "\n"
			}
			return err
		}
		var lines []string
		err := tx.Select(ctx, &lines, "EXPLAIN "+q.Text, q.Args...)
		plan = strings.Join(lines, "\n")
		return err
	}))
	return plan
}

// requireNoScan fails if the plan reads a whole table.
func requireNoScan(t *testing.T, name, plan string) {
	t.Helper()
	require.NotContains(t, plan, "Seq Scan on issue", "%s:\n%s", name, plan)
	for line := range strings.Lines(plan) {
		if strings.HasPrefix(strings.TrimSpace(line), "SCAN issue") {
			require.Contains(t, line, "INDEX", "%s:\n%s", name, plan)
		}
	}
}
