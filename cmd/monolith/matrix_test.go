package main

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/identity"
)

// The matrix says, for every route that the router knows, how each of these callers is answered. The tables and what is
// sent are in the files matrix_rows_*; a line after a bar is the same route on something else, such as another listing's
// bidder. What belongs to somebody belongs to owner.
//
//	guest     shows nothing
//	other     a member whom it does not concern
//	bidder    a member who has bid on the listing, where it has bids
//	owner     the member whose listing, session, token … it is
//	agent, lead, mod, admin
//	          members with that role (mod: moderator); they own nothing of it
//	susp      a member who has been suspended, with the session from before
//	susp-t    the same with an API token from before
//	expired   an API token of owner's with every scope, which has expired
//	prog      an API token with the one scope that the route needs, of the first of owner, other, bidder, mod and admin who
//	          succeeds; where tokens cannot have that scope, with all that they can have
//	no-scope  the same member's with every scope but that one
var matrixColumns = []string{
	"guest", "other", "bidder", "owner", "agent", "lead", "mod", "admin", "susp", "susp-t", "expired", "prog", "no-scope",
}

// line is one line of a table.
type line struct {
	method, pattern string
	variant         string // on what else
	want            map[string]int
}

func (l line) route() string { return l.method + " " + l.pattern }

func (l line) String() string {
	if l.variant == "" {
		return l.route()
	}
	return l.route() + " | " + l.variant
}

// linesOf reads a table: a head that names the columns, and a line for each route with the expected statuses.
func linesOf(t *testing.T, table string) []line {
	t.Helper()
	texts := strings.Split(strings.TrimSpace(table), "\n")
	head := strings.Fields(texts[0])
	require.Equal(t, matrixColumns, head, "the head of a table")
	var lines []line
	for _, text := range texts[1:] {
		if strings.TrimSpace(text) == "" {
			continue
		}
		cells, variant, _ := strings.Cut(text, "|")
		words := strings.Fields(cells)
		require.Len(t, words, 2+len(head), "a line of a table: %s", text)
		l := line{method: words[0], pattern: words[1], variant: strings.TrimSpace(variant), want: map[string]int{}}
		for i, column := range head {
			status, err := strconv.Atoi(words[2+i])
			require.NoError(t, err, "a line of a table: %s", text)
			l.want[column] = status
		}
		lines = append(lines, l)
	}
	return lines
}

// wholeMatrix is all tables, and what is sent for their lines.
func wholeMatrix(t *testing.T) (lines []line, sent map[string]attempt) {
	t.Helper()
	sent = map[string]attempt{}
	for _, part := range []struct {
		table string
		sent  map[string]attempt
	}{
		{listingsTable, listingsSent},
		{salesTable, salesSent},
		{sheetsTable, sheetsSent},
		{accountsTable, accountsSent},
		{membersTable, membersSent},
		{issuesTable, issuesSent},
		{pagesTable, pagesSent},
	} {
		lines = append(lines, linesOf(t, part.table)...)
		for name, a := range part.sent {
			require.NotContains(t, sent, name, "what is sent is said twice")
			sent[name] = a
		}
	}
	return lines, sent
}

func TestEveryCallerIsAnsweredAsTheMatrixSays(t *testing.T) {
	t.Parallel()
	lines, sent := wholeMatrix(t)
	m := openMatrix(t)
	m.requireWhole(lines, sent)
	cells, refusals := 0, 0
	for _, l := range lines {
		for _, column := range matrixColumns {
			cells++
			if m.try(l, sent[l.String()], column) {
				refusals++
			}
		}
	}
	unvisited, err := m.house.api.Unvisited()
	require.NoError(t, err)
	require.Empty(t, unvisited, "operations that the document has, and that nobody tried from both sides")
	t.Logf("%d lines, %d requests, %d of them refused", len(lines), cells, refusals)
}

// requireWhole requires that every route of the router has a line on which somebody succeeds, that every line is of a
// route, and that it is said what is sent for it, once.
func (m *matrix) requireWhole(lines []line, sent map[string]attempt) {
	m.t.Helper()
	routes, seen := map[string]bool{}, map[string]bool{}
	for _, route := range m.house.server.Routes() {
		routes[route.Method+" "+route.Pattern] = false
	}
	for _, o := range m.house.server.Operations() {
		_, known := routes[o.Method+" "+o.Path]
		require.True(m.t, known, "an operation that the router does not know: %s", o.ID)
	}
	for _, l := range lines {
		_, known := routes[l.route()]
		require.True(m.t, known, "a line without a route: %s", l)
		_, prepared := sent[l.String()]
		require.True(m.t, prepared, "a line without a request: %s", l)
		require.False(m.t, seen[l.String()], "two lines for %s", l)
		seen[l.String()] = true
		for _, status := range l.want {
			routes[l.route()] = routes[l.route()] || status < http.StatusBadRequest
		}
	}
	var missing []string
	for route, succeeds := range routes {
		if !succeeds {
			missing = append(missing, route)
		}
	}
	require.Empty(m.t, missing, "routes without a line on which somebody succeeds")
	for name := range sent {
		require.True(m.t, seen[name], "a request without a line: %s", name)
	}
}

// try makes the request of one cell; what is wrong with one does not keep the others from being tried. It reports whether
// it was refused. A refusal, and a reading, leave every table as it
// was.
func (m *matrix) try(l line, a attempt, column string) (refused bool) {
	m.t.Helper()
	m.needs(l, a)
	c := m.caller(l, a, column)
	asked := a.ask(m, c)
	m.disk.keep()
	got := m.send(c, l, asked)
	if got.status != l.want[column] {
		m.t.Errorf("%s as %s: %d, not %d: %s", l, column, got.status, l.want[column], got.body)
	}
	refused = got.status >= http.StatusBadRequest
	if refused || l.method == http.MethodGet {
		for table, rows := range m.disk.changed() {
			m.t.Errorf("%s as %s: %d, and yet %s has changed from %q to %q", l, column, got.status, table, rows[0], rows[1])
		}
	} else {
		clear(m.kept)
	}
	if want := m.code(l, column, got); want != "" && got.text("code") != want {
		m.t.Errorf("%s as %s: not %s: %s", l, column, want, got.body)
	}
	if a.after != nil {
		a.after(m, c)
	}
	return refused
}

// code is that of the refusals that come before a use case is asked: each for its own reason. It is empty for others.
func (m *matrix) code(l line, column string, got reply) string {
	if !strings.HasPrefix(l.pattern, "/api/v1/") || got.status < http.StatusBadRequest {
		return ""
	}
	permission := m.needed
	switch {
	case slices.Contains([]string{"susp-t", "expired"}, column):
		return "invalid_credential"
	case permission == nil:
		return ""
	case (column == "guest" || column == "susp") && permission.HeldBy(identity.Guest):
		return ""
	case column == "guest", column == "susp":
		return "sign_in_required"
	case column == "no-scope":
		return "missing_scope"
	case column == "prog", permission.HeldBy(m.rolesOf(column)...):
		return ""
	default:
		return "not_permitted"
	}
}

// first returns the first of the columns who succeeds; owner where nobody does.
func (l line) first(columns ...string) string {
	for _, column := range columns {
		if l.want[column] < http.StatusBadRequest {
			return column
		}
	}
	return "owner"
}
