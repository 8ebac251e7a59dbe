package sqlstore

import (
	"testing"
	"time"

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

// Questions are the queries that every request or bid asks.
var Questions = map[string]string{
	"by email": selectByEmail, "by session": selectSession, "by token": selectToken, "standing": selectStanding,
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
