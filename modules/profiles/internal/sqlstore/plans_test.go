package sqlstore_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/internal/sqlstore"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

// TestPlans asks the databases how they answer in a house of many members.
func TestPlans(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		crowd(t, pool)
		cursor := app.SortNewest.Cursor(app.MemberRecord{RegisteredAt: time.UnixMicro(5_000_000), ID: uuid.New()})
		for name, c := range map[string]struct {
			filter app.MemberFilter
			cursor page.Cursor
			index  []string
		}{
			"all, the newest first":                {index: []string{"accounts_by_creation"}},
			"all, the newest first, the next page": {cursor: cursor, index: []string{"accounts_by_creation"}},
			"all, the oldest first":                {filter: app.MemberFilter{Sort: app.SortOldest}, index: []string{"accounts_by_creation"}},
			"all, by handle":                       {filter: app.MemberFilter{Sort: app.SortHandle}, index: []string{"profiles_handle"}},
			"all, by handle, backwards":            {filter: app.MemberFilter{Sort: app.SortHandleDown}, index: []string{"profiles_handle"}},
			"one by the address":                   {filter: app.MemberFilter{Email: "m7@example.org"}, index: []string{"accounts_email"}},
			"those with a role":                    {filter: app.MemberFilter{Role: identity.Admin}, index: []string{"accounts_with_roles"}},
			"few by their name":                    {filter: app.MemberFilter{Prefix: "name 777"}, index: []string{"profiles_handle", "profiles_by_name"}},
		} {
			query, args := sqlstore.MemberQuery(t, pool.Dialect(), c.filter, page.Request{Cursor: c.cursor})
			plan := explain(t, pool, query, args)
			for _, index := range c.index {
				require.Contains(t, plan, index, name)
			}
			require.Contains(t, plan, "sales_by_winner", name)
			require.Contains(t, plan, "sales_by_seller", name)
			requireNoScan(t, name, plan)
		}
		for name, q := range sqlstore.Questions(t, pool) {
			// Some of the tables are empty.
			plan := explain(t, pool, q.Query, q.Args, "SET LOCAL enable_seqscan = off")
			requireNoScan(t, name, plan)
		}
	}, schema...)
}

// TestQuestionsCostOneStatement counts what every request and every bid asks, found or not.
func TestQuestionsCostOneStatement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		crowd(t, pool)
		s := newStore(pool)
		cost := func(ask func()) int {
			before := pool.Stats()
			ask()
			return int(pool.Stats().Since(before).Statements)
		}
		for _, key := range []string{"m7@example.org", "nobody@example.org", "\x00"} {
			require.Equal(t, 1, cost(func() { _, _ = s.Credentials.ByEmail(t.Context(), key) }), "%q", key)
		}
		for _, size := range []int{1, 100} {
			require.Equal(t, 1, cost(func() {
				p, err := s.Views.Members(t.Context(), app.MemberFilter{}, page.Request{Limit: size})
				require.NoError(t, err)
				require.Len(t, p.Items, size)
				require.Equal(t, [2]int{1, 1}, [2]int{p.Items[0].AuctionsWon, p.Items[0].AuctionsSold})
			}), "a page of %d members, with what each has won and sold", size)
		}
		require.Equal(t, 1, cost(func() { _, _ = s.Views.MemberByHandle(t.Context(), "m7") }))
		require.Equal(t, 1, cost(func() { _, _ = s.Credentials.BySession(t.Context(), [32]byte{1}) }))
		require.Equal(t, 1, cost(func() { _, _ = s.Credentials.ByToken(t.Context(), [32]byte{1}) }))
		require.Equal(t, 1, cost(func() {
			require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
				_, _, err := s.Standings.Standing(ctx, uuid.New(), uuid.New())
				return err
			}))
		}))
	}, schema...)
}

// silentBell is an app.Bell.
type silentBell struct{}

func (silentBell) Ring(context.Context) error { return nil }

// TestNoticesAreReadTogether counts what a thousand notices cost at once: two questions, and each is written.
func TestNoticesAreReadTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		const many = 1000
		s := newStore(pool)
		members := make([]uuid.UUID, many/10)
		require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
			for i := range members {
				members[i] = uuid.New()
				handle := domain.RestoreHandle("m" + strconv.Itoa(i))
				account := domain.Register(domain.Registration{ID: members[i], Email: domain.RestoreEmail(handle.String() + "@example.org")}, time.UnixMicro(1))
				if err := errors.Join(
					s.Accounts.Add(ctx, account), s.Profiles.Add(ctx, domain.NewProfile(members[i], handle, time.UnixMicro(1))),
					s.Settings.Add(ctx, domain.NewNotificationSettings(members[i])),
				); err != nil {
					return err
				}
			}
			return nil
		}))
		notify := app.NewNotify(s.Work, s.Notices, s.Recipients, silentBell{}, clock.NewFixed(time.UnixMicro(1)), time.Hour)
		notices := make([]profilesapi.Notice, many)
		for i := range notices {
			notices[i] = profilesapi.Notice{
				ID: uuid.New(), Member: members[i%len(members)], Kind: profilesapi.NoticeEndsSoon, Subject: "Soon", At: time.UnixMicro(1),
			}
		}
		before := pool.Stats()
		require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error { return notify.Notify(ctx, notices...) }))
		require.Equal(t, many+2, int(pool.Stats().Since(before).Statements))
	}, schema...)
}

// TestForgettingReadsOnlyWhatIsForgotten asks the databases how they find, among many notices that stay, those that go.
func TestForgettingReadsOnlyWhatIsForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		crowd(t, pool)
		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			statements := []string{
				`INSERT INTO notices (id, version, member, kind, subject, text, path, at, listed, attempts, failure)
					SELECT id, 1, id, 'ends_soon', '', '', '', created_at, true, 0, '' FROM accounts`,
				`UPDATE accounts SET status = 'deleted', email_key = NULL WHERE email IN ('m7@example.org', 'm8@example.org')`,
			}
			if pool.Dialect() == db.Postgres {
				statements = append(statements, `ANALYZE accounts, notices`)
			}
			for _, statement := range statements {
				if _, err := tx.Exec(ctx, statement); err != nil {
					return err
				}
			}
			return nil
		}))
		plans := []string{}
		for statement, args := range sqlstore.NoticeLeftovers(pool.Dialect(), time.UnixMicro(0)) {
			plan := explain(t, pool, statement, args)
			short := strings.NewReplacer("SCAN old", "", "SCAN accounts USING COVERING INDEX accounts_deleted", "")
			requireNoScan(t, statement, short.Replace(plan))
			plans = append(plans, plan)
		}
		require.Len(t, plans, 2)
		all := strings.Join(plans, "\n")
		for _, index := range []string{"notices_by_time", "notices_by_member", "accounts_deleted"} {
			require.Contains(t, all, index)
		}
	}, schema...)
}

// crowd fills the database with many members, of whom few have a role, and each has sold something to himself.
func crowd(t *testing.T, pool *db.Pool) {
	t.Helper()
	n, numbers, id := 20_000, `generate_series(1, $1::bigint) AS numbers (n)`, `md5(n::text)::uuid`
	if pool.Dialect() == db.SQLite { // which plans without looking at the number of rows
		n = 1000
		numbers = `(WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1) SELECT n FROM numbers) AS numbers`
		id = `'00000000-0000-4000-8000-' || format('%012d', n)`
	}
	statements := []string{
		`INSERT INTO accounts (id, version, email, email_key, password_hash, status, roles, session_epoch, token_epoch, mailed, created_at)
			SELECT ` + id + `, 1, 'm' || n || '@example.org', 'm' || n || '@example.org', '', 'active',
				CASE WHEN n % 500 = 0 THEN '["admin"]' ELSE '[]' END, 0, 0, '[]', n * 1000
			FROM ` + numbers,
		`INSERT INTO profiles (id, version, handle, display_name, name_key, about, location, created_at)
			SELECT ` + id + `, 1, 'm' || n, 'Name ' || n, 'name ' || n, '', '', n * 1000
			FROM ` + numbers,
		`INSERT INTO sales (id, version, seller, winner, ended_at)
			SELECT ` + id + `, 1, ` + id + `, ` + id + `, n * 1000
			FROM ` + numbers,
	}
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, statement := range statements {
			if _, err := tx.Exec(ctx, statement, n); err != nil {
				return err
			}
		}
		if pool.Dialect() == db.Postgres {
			_, err := tx.Exec(ctx, `ANALYZE accounts, profiles, sales`)
			return err
		}
		return nil
	}))
}

// explain returns the plan of a query, one line a step. The settings are PostgreSQL's.
func explain(t *testing.T, pool *db.Pool, query string, args []any, settings ...string) (plan string) {
	t.Helper()
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		if tx.Dialect() == db.SQLite {
			plan, err = explainSQLite(ctx, tx, query, args)
			return err
		}
		for _, setting := range settings {
			if _, err := tx.Exec(ctx, setting); err != nil {
				return err
			}
		}
		var lines []string
		err = tx.Select(ctx, &lines, "EXPLAIN "+query, args...)
		plan = strings.Join(lines, "\n")
		return err
	}))
	return plan
}

func explainSQLite(ctx context.Context, tx *db.Tx, query string, args []any) (string, error) {
	var steps []struct {
		ID      int    `db:"id"`
		Parent  int    `db:"parent"`
		NotUsed int    `db:"notused"`
		Detail  string `db:"detail"`
	}
	err := tx.Select(ctx, &steps, "EXPLAIN QUERY PLAN "+query, args...)
	lines := make([]string, len(steps))
	for i, s := range steps {
		lines[i] = s.Detail
	}
	return strings.Join(lines, "\n"), err
}

// requireNoScan fails if the plan reads a whole table, unless in the order of an index.
func requireNoScan(t *testing.T, name, plan string) {
	t.Helper()
	require.NotContains(t, plan, "Seq Scan", "%s:\n%s", name, plan)
	for line := range strings.Lines(plan) {
		if strings.HasPrefix(line, "SCAN ") && !strings.HasPrefix(line, "SCAN granted") && !strings.HasPrefix(line, "SCAN json_each") {
			require.Contains(t, line, "USING INDEX", "%s:\n%s", name, plan)
		}
	}
}
