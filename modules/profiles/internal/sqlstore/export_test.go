package sqlstore

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/page"
)

// MemberQuery returns the query that Views.Members makes, for tests that look at its plan.
func MemberQuery(t *testing.T, d db.Dialect, filter app.MemberFilter, request page.Request) (query string, args []any) {
	t.Helper()
	q, err := newMemberQuery(d, filter, request)
	require.NoError(t, err)
	return q.text(), q.args
}

// Question is a query with arguments.
type Question struct {
	Query string
	Args  []any
}

// Questions returns the queries that every request or bid asks.
func Questions(t *testing.T, pool *db.Pool) map[string]Question {
	t.Helper()
	facts := newStandingFacts(pool)
	many, err := regardColumns.Rows(pool.Dialect(), regardRows([]regard{{uuid.New(), uuid.New()}, {uuid.New(), uuid.New()}}))
	require.NoError(t, err)
	hash := make([]byte, 32)
	hashes, err := db.Columns{hashColumn}.Rows(pool.Dialect(), [][]any{{hash}, {hash}})
	require.NoError(t, err)
	sessions, tokens := sessionQuery(pool.Dialect()), tokenQuery(pool.Dialect())
	return map[string]Question{
		"by email":      {selectByEmail, []any{"m7@example.org"}},
		"by session":    {sessions.One, []any{hash}},
		"by sessions":   {sessions.Many, hashes},
		"by token":      {tokens.One, []any{hash}},
		"by tokens":     {tokens.Many, hashes},
		"standing":      {facts.verify.One, []any{uuid.New(), uuid.New()}},
		"standings":     {facts.verify.Many, many},
		"bad standings": {facts.find, many},
	}
}

// NoticeLeftovers returns the statements that delete notices, by what they find, with their arguments.
func NoticeLeftovers(d db.Dialect, now time.Time) map[string][]any {
	found := map[string][]any{}
	for _, l := range leftovers(now, app.Keeping{Notices: time.Hour}) {
		if l.table == "notices" {
			found[l.statement(d)] = append([]any{1000}, l.args...)
		}
	}
	return found
}
