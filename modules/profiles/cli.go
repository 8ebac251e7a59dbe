package profiles

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

// What the program's commands do with members beside serving them.

// SetupLink is the link that makes the first admin.
type SetupLink struct{ setup *app.Setup }

// NewSetupLink is a constructor for fx.
func NewSetupLink(setup *app.Setup) *SetupLink { return &SetupLink{setup: setup} }

// SetupLifetime is how long a link is good for.
const SetupLifetime = app.SetupLifetime

// Draw returns a new link to the site, in place of the one before; ok is false when the house has an admin. The link is
// for the terminal alone: whoever reads it can become the admin. Errors: what the store reports.
func (l *SetupLink) Draw(ctx context.Context, site string) (link string, ok bool, err error) {
	token, ok, err := l.setup.NewLink(ctx)
	if err != nil || !ok {
		return "", false, err
	}
	return strings.TrimRight(site, "/") + "/setup?token=" + token, true, nil
}

// Operator does what those may do who can run the program: all that admins can, without being a member. The audit log
// names nobody as the actor.
type Operator struct {
	views    app.Views
	create   *app.CreateAdmin
	reset    *app.OperatorReset
	acts     map[OperatorAct]func(context.Context, app.ActCommand) error
	grant    *app.GrantRole
	withdraw *app.WithdrawRole
}

// OperatorAct is something that is done to a member.
type OperatorAct string

// The acts.
const (
	ActApprove   OperatorAct = "approve"
	ActVerify    OperatorAct = "verify"
	ActSuspend   OperatorAct = "suspend"
	ActReinstate OperatorAct = "reinstate"
)

// NewOperator is a constructor for fx.
func NewOperator(house *app.House, views app.Views) *Operator {
	return &Operator{
		views:  views,
		create: app.NewCreateAdmin(house),
		reset:  app.NewOperatorReset(house),
		acts: map[OperatorAct]func(context.Context, app.ActCommand) error{
			ActApprove:   app.NewApproveMember(house).Do,
			ActVerify:    app.NewVerifyMember(house).Do,
			ActSuspend:   app.NewSuspendMember(house).Do,
			ActReinstate: app.NewReinstateMember(house).Do,
		},
		grant:    app.NewGrantRole(house),
		withdraw: app.NewWithdrawRole(house),
	}
}

// NewAdmin is who becomes an admin.
type NewAdmin struct{ Email, Handle, Password string }

// CreateAdmin makes an account that is an admin's, whether or not there are others. Errors: faults of the fields, and of
// an address or a handle that is taken; what the store reports.
func (o *Operator) CreateAdmin(ctx context.Context, n NewAdmin) (Member, error) {
	id, err := o.create.Do(ctx, app.CreateAdminCommand{Email: n.Email, Handle: n.Handle, Password: n.Password})
	if err != nil {
		return Member{}, err
	}
	return o.member(ctx, id)
}

// Find returns the member with that id, e-mail address or handle. Errors: a fault when there is none, what the store
// reports.
func (o *Operator) Find(ctx context.Context, who string) (Member, error) {
	if id, err := uuid.Parse(who); err == nil {
		return o.member(ctx, id)
	}
	if !strings.Contains(who, "@") {
		record, err := o.views.MemberByHandle(ctx, who)
		return memberOf(record), err
	}
	found, err := o.views.Members(ctx, app.MemberFilter{Email: who}, page.Request{Limit: 1})
	switch {
	case err != nil:
		return Member{}, err
	case len(found.Items) == 0:
		return Member{}, domain.ErrMemberNotFound
	default:
		return memberOf(found.Items[0]), nil
	}
}

// Act does something to the member and returns what has become of him. Errors: faults that say why it cannot be done,
// what the store reports.
func (o *Operator) Act(ctx context.Context, act OperatorAct, who, reason string) (Member, error) {
	found, err := o.Find(ctx, who)
	if err != nil {
		return Member{}, err
	}
	if err := o.acts[act](ctx, app.ActCommand{Member: found.ID, Reason: reason}); err != nil {
		return Member{}, fmt.Errorf("%s %s: %w", act, found.Handle, err)
	}
	return o.member(ctx, found.ID)
}

// Grant gives a role to the member and returns what has become of him. Errors: as Act.
func (o *Operator) Grant(ctx context.Context, who, role, reason string) (Member, error) {
	return o.setRole(ctx, o.grant.Do, who, role, reason)
}

// Withdraw takes a role from the member and returns what has become of him. Errors: as Act.
func (o *Operator) Withdraw(ctx context.Context, who, role, reason string) (Member, error) {
	return o.setRole(ctx, o.withdraw.Do, who, role, reason)
}

func (o *Operator) setRole(
	ctx context.Context, do func(context.Context, app.RoleCommand) error, who, role, reason string,
) (Member, error) {
	found, err := o.Find(ctx, who)
	if err != nil {
		return Member{}, err
	}
	if err := do(ctx, app.RoleCommand{Member: found.ID, Role: identity.Role(role), Reason: reason}); err != nil {
		return Member{}, fmt.Errorf("role of %s: %w", found.Handle, err)
	}
	return o.member(ctx, found.ID)
}

// ResetPassword sets the member's password and ends every session and API token. Errors: as Act.
func (o *Operator) ResetPassword(ctx context.Context, who, password string) (Member, error) {
	found, err := o.Find(ctx, who)
	if err != nil {
		return Member{}, err
	}
	if err := o.reset.Do(ctx, app.OperatorResetCommand{Member: found.ID, Password: password}); err != nil {
		return Member{}, fmt.Errorf("reset the password of %s: %w", found.Handle, err)
	}
	return o.member(ctx, found.ID)
}

func (o *Operator) member(ctx context.Context, id uuid.UUID) (Member, error) {
	record, err := o.views.Member(ctx, id)
	return memberOf(record), err
}

// MemberQuery says which members to list; the zero value lists nobody, because it has no limit.
type MemberQuery struct {
	// Prefix begins the handle or the display name; Status and Role are those wanted. Empty is any.
	Prefix, Status, Role string
	// Limit is how many at most.
	Limit int
}

// Statuses are what Status of a MemberQuery can be.
var Statuses = []string{
	string(domain.StatusPending), string(domain.StatusActive), string(domain.StatusSuspended), string(domain.StatusDeleted),
}

// List returns the members that the query is after, by handle. Errors: what the store reports.
func (o *Operator) List(ctx context.Context, q MemberQuery) (MemberList, error) {
	filter := app.MemberFilter{Prefix: q.Prefix, Role: identity.Role(q.Role), Sort: app.SortHandle}
	if q.Status != "" {
		filter.Statuses = []domain.Status{domain.Status(q.Status)}
	}
	list := MemberList{Members: []Member{}}
	request := page.Request{}
	for len(list.Members) < q.Limit {
		request.Limit = min(q.Limit-len(list.Members), page.MaxLimit)
		found, err := o.views.Members(ctx, filter, request)
		if err != nil {
			return MemberList{}, err
		}
		for _, record := range found.Items {
			list.Members = append(list.Members, memberOf(record))
		}
		request.Cursor = found.Next
		if list.More = found.Next != ""; !list.More {
			break
		}
	}
	return list, nil
}

// Member is a member as the operator sees him. It is a command's answer.
type Member struct {
	ID           uuid.UUID `json:"id"`
	Handle       string    `json:"handle"`
	DisplayName  string    `json:"display_name"`
	Email        string    `json:"email,omitempty"`
	Status       string    `json:"status"`
	Verified     bool      `json:"verified"`
	Roles        []string  `json:"roles"`
	RegisteredAt time.Time `json:"registered_at"`
	LeavingSince time.Time `json:"leaving_since,omitzero"`
}

func memberOf(r app.MemberRecord) Member {
	m := Member{
		ID:           r.ID,
		Handle:       r.Handle,
		DisplayName:  r.DisplayName,
		Email:        r.Email,
		Status:       string(r.Status),
		Verified:     !r.VerifiedAt.IsZero(),
		Roles:        []string{},
		RegisteredAt: r.RegisteredAt,
		LeavingSince: r.LeavingSince,
	}
	for _, role := range r.Roles {
		m.Roles = append(m.Roles, string(role))
	}
	return m
}

// WriteText writes the member for people. Errors: what w reports.
func (m Member) WriteText(w io.Writer) error {
	verified := "not verified"
	if m.Verified {
		verified = "verified"
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "handle\t%s\nname\t%s\n", m.Handle, m.DisplayName)
	if m.Email != "" {
		fmt.Fprintf(table, "e-mail\t%s (%s)\n", m.Email, verified)
	}
	fmt.Fprintf(table, "status\t%s\nroles\t%s\nregistered\t%s\n", m.Status, m.roles(), m.RegisteredAt.Format(time.RFC3339))
	if !m.LeavingSince.IsZero() {
		fmt.Fprintf(table, "leaving since\t%s\n", m.LeavingSince.Format(time.RFC3339))
	}
	fmt.Fprintf(table, "id\t%s\n", m.ID)
	return table.Flush()
}

func (m Member) roles() string {
	return cmp.Or(strings.Join(slices.Sorted(slices.Values(m.Roles)), ", "), "none")
}

// MemberList is a command's answer.
type MemberList struct {
	Members []Member `json:"members"`
	// More says that there are more than were asked for.
	More bool `json:"more"`
}

// WriteText writes the list for people. Errors: what w reports.
func (l MemberList) WriteText(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "HANDLE\tE-MAIL\tSTATUS\tVERIFIED\tROLES\tREGISTERED\n")
	for _, m := range l.Members {
		verified := "no"
		if m.Verified {
			verified = "yes"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n",
			m.Handle, cmp.Or(m.Email, "-"), m.Status, verified, m.roles(), m.RegisteredAt.Format(time.DateOnly))
	}
	if err := table.Flush(); err != nil || !l.More {
		return err
	}
	_, err := fmt.Fprintln(w, "There are more: see --limit.")
	return err
}
