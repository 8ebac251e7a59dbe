package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/platform/identity"
)

func newUserCommand(p *program) *cobra.Command {
	return group(&cobra.Command{
		Use:   "user",
		Short: "Administer members without a browser",
		Long: `Lists members and does to them what admins can, through the same rules: what these commands do is in the audit log,
without an actor. A member is named by handle, e-mail address or id. The servers may run meanwhile; a suspension holds for
every request that begins after it.

Members get the same letters as otherwise. They are sent before the command ends; of one that cannot be, standard error
tells.`,
		Example: `  monolith user list --status pending
  monolith user suspend mallory --reason "Bids on his own listings"
  monolith user reset-password ada@example.org`,
	},
		newUserListCommand(p),
		newUserShowCommand(p),
		newUserActCommand(p, profiles.ActApprove, "Let a member in who waits for approval", "monolith user approve ada"),
		newUserActCommand(p, profiles.ActVerify, "Take a member's e-mail address for verified", "monolith user verify ada"),
		newUserActCommand(p, profiles.ActSuspend, "Shut a member out; needs a reason, which he is told",
			`monolith user suspend mallory --reason "Bids on his own listings"`),
		newUserActCommand(p, profiles.ActReinstate, "End a member's suspension", "monolith user reinstate mallory"),
		newUserRoleCommand(p, "grant", "Grant a role to a member", (*profiles.Operator).Grant),
		newUserRoleCommand(p, "withdraw", "Withdraw a role from a member", (*profiles.Operator).Withdraw),
		newUserResetCommand(p),
	)
}

func newUserListCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List members by handle",
		Example: `  monolith user list
  monolith user list --role admin
  monolith user list --status pending --json | jq -r '.members[].handle'`,
		Args: cobra.NoArgs,
	}
	var q profiles.MemberQuery
	roles := make([]string, len(identity.Granted))
	for i, role := range identity.Granted {
		roles[i] = string(role)
	}
	cmd.Flags().StringVar(&q.Prefix, "prefix", "", "whose handle or display name begins with this `text`")
	cmd.Flags().StringVar(&q.Status, "status", "", "in this `status`: "+strings.Join(profiles.Statuses, ", "))
	cmd.Flags().StringVar(&q.Role, "role", "", "to whom this `role` was granted: "+strings.Join(roles, ", "))
	cmd.Flags().IntVar(&q.Limit, "limit", 100, "how many at most")
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		switch {
		case q.Status != "" && !slices.Contains(profiles.Statuses, q.Status):
			return usagef("--status must be one of %s, not %q", strings.Join(profiles.Statuses, ", "), q.Status)
		case q.Role != "" && !slices.Contains(roles, q.Role):
			return usagef("--role must be one of %s, not %q", strings.Join(roles, ", "), q.Role)
		case q.Limit < 1:
			return usagef("--limit must be at least 1, not %d", q.Limit)
		}
		return p.asOperator(cmd.Context(), false, func(ctx context.Context, o *profiles.Operator) error {
			list, err := o.List(ctx, q)
			if err != nil {
				return err
			}
			return p.answer(list, *asJSON)
		})
	}
	return cmd
}

func newUserShowCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show MEMBER",
		Short: "Show a member",
		Example: `  monolith user show ada
  monolith user show ada@example.org --json`,
		Args: cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withMember(cmd.Context(), *asJSON, func(ctx context.Context, o *profiles.Operator) (profiles.Member, error) {
			return o.Find(ctx, args[0])
		})
	}
	return cmd
}

// newUserActCommand returns the command that does the act to a member.
func newUserActCommand(p *program, act profiles.OperatorAct, short, example string) *cobra.Command {
	cmd := &cobra.Command{
		Use:     string(act) + " MEMBER",
		Short:   short,
		Example: "  " + example,
		Args:    cobra.ExactArgs(1),
	}
	reason := reasonFlag(cmd)
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withMember(cmd.Context(), *asJSON, func(ctx context.Context, o *profiles.Operator) (profiles.Member, error) {
			return o.Act(ctx, act, args[0], *reason)
		})
	}
	return cmd
}

// newUserRoleCommand returns the command that changes a member's roles.
func newUserRoleCommand(
	p *program, name, short string, do func(o *profiles.Operator, ctx context.Context, who, role, reason string) (profiles.Member, error),
) *cobra.Command {
	cmd := &cobra.Command{
		Use:     name + " MEMBER ROLE",
		Short:   short,
		Example: "  monolith user " + name + " ada moderator",
		Args:    cobra.ExactArgs(2),
	}
	reason := reasonFlag(cmd)
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withMember(cmd.Context(), *asJSON, func(ctx context.Context, o *profiles.Operator) (profiles.Member, error) {
			return do(o, ctx, args[0], args[1], *reason)
		})
	}
	return cmd
}

func newUserResetCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reset-password MEMBER",
		Short: "Set a member's password and end all sessions",
		Long: `Sets a member's password and ends all sessions. The password comes from a prompt, or from the first line of standard
input.`,
		Example: `  monolith user reset-password ada
  pwgen 20 1 | tee /dev/tty | monolith user reset-password ada`,
		Args: cobra.ExactArgs(1),
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		password, err := p.newPassword(cmd.Context())
		if err != nil {
			return err
		}
		return p.withMember(cmd.Context(), *asJSON, func(ctx context.Context, o *profiles.Operator) (profiles.Member, error) {
			return o.ResetPassword(ctx, args[0], password)
		})
	}
	return cmd
}

// reasonFlag gives cmd the flag --reason.
func reasonFlag(cmd *cobra.Command) *string {
	return cmd.Flags().String("reason", "", "why, in one `line`, for the audit log")
}

// withMember answers with what do makes of a member.
func (p *program) withMember(
	ctx context.Context, asJSON bool, do func(context.Context, *profiles.Operator) (profiles.Member, error),
) error {
	return p.asOperator(ctx, false, func(ctx context.Context, o *profiles.Operator) error {
		found, err := do(ctx, o)
		if err != nil {
			return err
		}
		return p.answer(found, asJSON)
	})
}
