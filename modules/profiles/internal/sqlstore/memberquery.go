package sqlstore

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

// parameters are the arguments of a query that is put together.
type parameters struct{ args []any }

// add returns the parameter that stands for the argument.
func (p *parameters) add(arg any) string {
	p.args = append(p.args, arg)
	return "$" + strconv.Itoa(len(p.args))
}

// conditions are what a query asks of its rows.
type conditions struct {
	parameters
	terms []string // all of which must hold
}

// where adds a condition.
func (c *conditions) where(term string) { c.terms = append(c.terms, term) }

// clause returns the WHERE clause, if there is one.
func (c *conditions) clause() string {
	if len(c.terms) == 0 {
		return ""
	}
	return `
		WHERE ` + strings.Join(c.terms, `
			AND `)
}

// newestAfter continues a list that begins with the newest behind the key.
func (c *conditions) newestAfter(at, id string, key app.TimeKey) {
	c.where("(" + at + ", " + id + ") < (" + c.add(key.At) + ", " + c.add(key.ID) + ")")
}

// memberQuery puts together the query for a page of members.
type memberQuery struct {
	conditions
	dialect db.Dialect
	order   app.MemberSort
	limit   string // a parameter
}

// newMemberQuery returns the query for the page, and one row more. Errors: page.ErrInvalidCursor.
func newMemberQuery(d db.Dialect, filter app.MemberFilter, request page.Request) (*memberQuery, error) {
	q := &memberQuery{dialect: d, order: filter.Order()}
	after, resumed, err := q.order.ReadCursor(request.Cursor)
	if err != nil {
		return nil, err
	}
	q.filter(filter)
	if resumed {
		q.after(after)
	}
	q.limit = q.add(request.Size() + 1)
	return q, nil
}

// filter adds the conditions of a filter.
func (q *memberQuery) filter(f app.MemberFilter) {
	if f.Prefix != "" {
		q.prefix(strings.ToLower(f.Prefix))
	}
	if f.Email != "" {
		q.email(domain.RestoreEmail(f.Email).Key())
	}
	if len(f.Statuses) > 0 {
		q.statuses(f.Statuses)
	}
	if f.Role != "" {
		q.role(f.Role)
	}
	if f.Verified != nil {
		q.where(map[bool]string{true: "accounts.verified_at IS NOT NULL", false: "accounts.verified_at IS NULL"}[*f.Verified])
	}
	if f.Leaving {
		q.where("accounts.leaving_since IS NOT NULL")
	}
	if !f.RegisteredFrom.IsZero() {
		q.where("accounts.created_at >= " + q.add(notBefore(f.RegisteredFrom)))
	}
	if !f.RegisteredBefore.IsZero() {
		q.where("accounts.created_at < " + q.add(notBefore(f.RegisteredBefore)))
	}
}

// prefix keeps members whose handle or name begins with it. Texts are compared by their bytes, so what begins with it is
// one range of them; LIKE would have to be kept from understanding it.
func (q *memberQuery) prefix(prefix string) {
	if !storable(prefix) {
		q.where("false")
		return
	}
	from := q.add(prefix)
	handle, name := "profiles.handle >= "+from, "profiles.name_key >= "+from
	if end, bounded := afterPrefix(prefix); bounded {
		before := q.add(end)
		handle += " AND profiles.handle < " + before
		name += " AND profiles.name_key < " + before
	}
	q.where("(" + handle + " OR " + name + ")")
}

// afterPrefix returns the first text after all those that begin with the prefix: its last character is the next one. Of the
// last character there is there is no next one; then it is that of the character before it, and not bounded if there is
// none.
func afterPrefix(prefix string) (end string, bounded bool) {
	for prefix != "" {
		last, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		switch last {
		case utf8.MaxRune:
		case 0xd7ff: // the surrogates that follow are no characters
			return prefix + "\ue000", true
		default:
			return prefix + string(last+1), true
		}
	}
	return "", false
}

func (q *memberQuery) email(key string) {
	if !storable(key) {
		q.where("false")
		return
	}
	q.where("accounts.email_key = " + q.add(key))
}

// statuses keeps members in one of the statuses. One that is asked for many times is asked for once.
func (q *memberQuery) statuses(wanted []domain.Status) {
	var alternatives []string
	for _, s := range slices.Compact(slices.Sorted(slices.Values(wanted))) {
		if storable(string(s)) {
			alternatives = append(alternatives, q.add(string(s)))
		}
	}
	if len(alternatives) == 0 {
		q.where("false")
		return
	}
	q.where("accounts.status IN (" + strings.Join(alternatives, ", ") + ")")
}

// hasRoles is the condition of the index of the members who have one.
const hasRoles = "accounts.roles <> '" + noElements + "'"

// role keeps members to whom it was granted.
func (q *memberQuery) role(role identity.Role) {
	if !storable(string(role)) {
		q.where("false")
		return
	}
	elements := "json_each(accounts.roles) AS granted"
	if q.dialect == db.Postgres {
		elements = "json_array_elements_text(accounts.roles::json) AS granted (value)"
	}
	q.where(hasRoles)
	q.where("EXISTS (SELECT 1 FROM " + elements + " WHERE granted.value = " + q.add(string(role)) + ")")
}

// after continues the list behind the key.
func (q *memberQuery) after(key app.MemberKey) {
	comparison := " > "
	if q.order.Falling() {
		comparison = " < "
	}
	if q.order.ByHandle() {
		q.where("profiles.handle" + comparison + q.add(key.Handle))
		return
	}
	q.where("(accounts.created_at, accounts.id)" + comparison + "(" + q.add(key.At) + ", " + q.add(key.ID) + ")")
}

// sorting returns the columns of the order. No two members have the same handle.
func (q *memberQuery) sorting() string {
	direction := ""
	if q.order.Falling() {
		direction = " DESC"
	}
	if q.order.ByHandle() {
		return "profiles.handle" + direction
	}
	return "accounts.created_at" + direction + ", accounts.id" + direction
}

// text returns the query.
func (q *memberQuery) text() string {
	return selectMembers + q.clause() + `
		ORDER BY ` + q.sorting() + `
		LIMIT ` + q.limit
}
