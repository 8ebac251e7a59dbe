package app_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

// duties are an app.Standings that knows one member's.
type duties struct {
	app.Standings
	member uuid.UUID
	app.DutiesRecord
	err error
}

func (d duties) Duties(_ context.Context, member uuid.UUID) (app.DutiesRecord, bool, error) {
	return d.DutiesRecord, member == d.member, d.err
}

func TestStaffIsWhoIsActiveAndHasARoleForIt(t *testing.T) {
	t.Parallel()
	member := uuid.New()
	forAgents := identity.NewPermission("test.work", "work", identity.Agent, identity.Lead)
	forMembers := identity.NewPermission("test.report", "report", identity.Member)
	agent := []identity.Role{identity.Agent}
	tests := map[string]struct {
		duties app.DutiesRecord
		asked  uuid.UUID
		needed identity.Permission
		want   bool
	}{
		"an agent":                     {app.DutiesRecord{Status: domain.StatusActive, Roles: agent}, member, forAgents, true},
		"an agent who was suspended":   {app.DutiesRecord{Status: domain.StatusSuspended, Roles: agent}, member, forAgents, false},
		"an agent who is gone":         {app.DutiesRecord{Status: domain.StatusDeleted, Roles: agent}, member, forAgents, false},
		"a moderator":                  {app.DutiesRecord{Status: domain.StatusActive, Roles: []identity.Role{identity.Moderator}}, member, forAgents, false},
		"a member without a role":      {app.DutiesRecord{Status: domain.StatusActive}, member, forAgents, false},
		"a member, for what they may":  {app.DutiesRecord{Status: domain.StatusActive}, member, forMembers, true},
		"nobody":                       {app.DutiesRecord{}, uuid.New(), forMembers, false},
		"a member who was not let in":  {app.DutiesRecord{Status: domain.StatusPending}, member, forMembers, false},
		"somebody else than the agent": {app.DutiesRecord{Status: domain.StatusActive, Roles: agent}, uuid.New(), forAgents, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := app.NewStaff(duties{member: member, DutiesRecord: test.duties}).Permitted(t.Context(), test.asked, test.needed)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
	broken := errors.New("broken")
	_, err := app.NewStaff(duties{member: member, err: broken}).Permitted(t.Context(), member, forAgents)
	require.ErrorIs(t, err, broken)
}
