package domain_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

// actors are all parts that somebody can have in an issue that the reporter follows by a link or as a member, that the agent
// is assigned, in which Cleo takes part, and which is about Bob.
var actors = map[string]domain.Actor{
	"nobody":           {},
	"a stranger":       {ID: dora},
	"the accused":      {ID: bob},
	"an accused agent": {ID: bob, Staff: true},
	"an accused lead":  {ID: bob, Staff: true, Lead: true},
	"a participant":    {ID: cleo},
	"the reporter":     reporter,
	"a staff reporter": {ID: ada, Staff: true},
	"the assignee":     agent,
	"another agent":    other,
	"a lead":           lead,
	"staff without id": {Staff: true, Lead: true},
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	const (
		hidden = "issue_not_found"
		staff  = "not_staff"
		own    = "not_reporter"
		his    = "not_assignee"
		leads  = "not_lead"
	)
	outside := map[string]string{
		"nobody": hidden, "a stranger": hidden, "the accused": hidden, "an accused agent": hidden, "an accused lead": hidden,
		"staff without id": hidden,
	}
	with := func(more map[string]string) map[string]string {
		for name, code := range outside {
			more[name] = code
		}
		return more
	}
	forStaff := with(map[string]string{"a participant": staff, "the reporter": staff})
	forAssignee := with(map[string]string{
		"a participant": staff, "the reporter": staff, "a staff reporter": his, "another agent": his,
	})
	forLead := with(map[string]string{
		"a participant": staff, "the reporter": staff, "a staff reporter": leads, "another agent": leads, "the assignee": leads,
	})
	table := map[domain.Command]struct {
		in      domain.State
		refused map[string]string
		do      func(t testingT, i *domain.Issue, by domain.Actor) error
	}{
		domain.CommandTriage: {domain.StateReported, forStaff, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Triage(by, domain.CategoryAbuse, domain.PriorityHigh, targets, noon)
		}},
		domain.CommandPick: {domain.StateTriaged, forStaff, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Pick(by, noon)
		}},
		domain.CommandAssign: {domain.StateTriaged, forLead, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Assign(by, person(77), noon)
		}},
		domain.CommandReassign: {domain.StateAssigned, forLead, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Reassign(by, person(77), noon)
		}},
		domain.CommandWait: {domain.StateAssigned, forAssignee, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Wait(by, domain.AwaitedThirdParty, "", noon)
		}},
		domain.CommandResume: {domain.StateWaiting, forAssignee, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Resume(by, noon)
		}},
		domain.CommandComment: {domain.StateAssigned, outside, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Comment(by, "Hello.", noon)
		}},
		domain.CommandNote: {domain.StateAssigned, forStaff, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Note(by, "Hm.", noon)
		}},
		domain.CommandInvolve: {domain.StateAssigned, forStaff, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Involve(by, person(78), noon)
		}},
		domain.CommandLink: {domain.StateAssigned, forStaff, func(t testingT, i *domain.Issue, by domain.Actor) error {
			return i.Link(by, reported(t, 50), noon)
		}},
		domain.CommandResolve: {domain.StateAssigned, forAssignee, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Resolve(by, domain.ResolutionFixed, "Done.", noon)
		}},
		domain.CommandReopen: {
			domain.StateResolved, with(map[string]string{"a participant": own}),
			func(_ testingT, i *domain.Issue, by domain.Actor) error {
				return i.Reopen(by, "It is broken again.", noon)
			},
		},
		domain.CommandReject: {domain.StateAssigned, forStaff, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return i.Reject(by, domain.RejectedSpam, "", noon)
		}},
		domain.CommandFreeze: {domain.StateAssigned, forStaff, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return freeze(i, by, "Is it stolen?")
		}},
		domain.CommandCancel: {domain.StateAssigned, forStaff, func(_ testingT, i *domain.Issue, by domain.Actor) error {
			return cancel(i, by, "It is stolen.")
		}},
		domain.CommandMerge: {domain.StateAssigned, forStaff, func(t testingT, i *domain.Issue, by domain.Actor) error {
			return i.Merge(by, reported(t, 50), "", noon)
		}},
	}
	for _, c := range domain.Commands() {
		if c != domain.CommandConfirm && c != domain.CommandClose && c != domain.CommandReturn { // nobody's
			require.Contains(t, table, c)
		}
	}
	for command, row := range table {
		for name, by := range actors {
			t.Run(name+" may "+string(command), func(t *testing.T) {
				t.Parallel()
				i := inState(t, domain.StateAssigned, 1)
				require.NoError(t, i.Involve(lead, cleo, noon))
				if row.in == domain.StateTriaged || row.in == domain.StateReported {
					i = inState(t, row.in, 1)
					require.NoError(t, i.Involve(lead, cleo, noon))
				}
				switch row.in {
				case domain.StateWaiting:
					require.NoError(t, i.Wait(agent, domain.AwaitedReporter, "", noon))
				case domain.StateResolved:
					require.NoError(t, i.Resolve(agent, domain.ResolutionFixed, "Done.", noon))
				}
				i.Settle()
				before := i.State()
				err := row.do(t, i, by)
				require.Equal(t, row.refused[name], fault.CodeOf(err))
				if err != nil {
					requireUnchanged(t, i, before)
				}
			})
		}
	}
}

func TestAVisitorActsByHisLink(t *testing.T) {
	t.Parallel()
	i := visited(t, 1)
	visitor, err := i.Follower(secret(2))
	require.NoError(t, err)
	require.NoError(t, i.Comment(visitor, "Any news?", noon))
	events := happened(t, i, domain.KindCommented)
	require.Equal(t, domain.RoleReporter, events[0].Role)
	require.Zero(t, events[0].Actor)
	require.ErrorIs(t, i.Note(visitor, "Me, too?", noon), domain.ErrNotStaff)
	require.ErrorIs(t, i.Triage(visitor, domain.CategoryAbuse, domain.PriorityUrgent, targets, noon), domain.ErrNotStaff)

	another := visited(t, 2)
	require.ErrorIs(t, another.Comment(visitor, "And here?", noon), domain.ErrIssueNotFound, "a link is good for one issue")
	require.ErrorIs(t, reported(t, 3).Comment(visitor, "And here?", noon), domain.ErrIssueNotFound)
}

// TestStaffWhoHaveReportedAreStaffWhenTheyWork holds that nobody sees from what is done who has reported it.
func TestStaffWhoHaveReportedAreStaffWhenTheyWork(t *testing.T) {
	t.Parallel()
	i := reportedBy(t, agent.ID, 1)
	require.NoError(t, i.Involve(lead, cleo, noon))
	require.NoError(t, i.Triage(agent, domain.CategoryListing, domain.PriorityNormal, targets, noon))
	require.NoError(t, i.Pick(agent, noon))
	require.NoError(t, i.Comment(agent, "I saw it myself.", noon))
	require.NoError(t, i.Resolve(agent, domain.ResolutionFixed, "Done.", noon))
	require.NoError(t, i.Reopen(agent, "Not quite.", noon))
	other := reportedBy(t, agent.ID, 2)
	require.NoError(t, i.Merge(agent, other, "", noon))
	events, _ := i.Settle()
	absorbed, _ := other.Settle()
	var roles []domain.Role
	for _, e := range append(events, absorbed...) {
		if e.Kind() != domain.KindReported && e.Kind() != domain.KindInvolved {
			require.Equal(t, agent.ID, e.Actor)
			roles = append(roles, e.Role)
		}
	}
	staff, himself := domain.RoleStaff, domain.RoleReporter
	require.Equal(t, []domain.Role{staff, staff, himself, staff, himself, staff, staff}, roles)

	require.ErrorIs(t, reported(t, 3).Resolve(reporter, domain.ResolutionFixed, "Done.", noon), domain.ErrNotStaff)
}

// TestNobodyWaitsForHisOwnAnswer holds when the first response is made to a member of staff who has reported the issue.
func TestNobodyWaitsForHisOwnAnswer(t *testing.T) {
	t.Parallel()
	first := targets.For(domain.PriorityNormal).FirstResponse
	for name, test := range map[string]struct {
		work func(i *domain.Issue) error
		want bool
	}{
		"his comment, while nobody works on it": {func(i *domain.Issue) error { return i.Comment(agent, "More.", noon) }, false},
		"his comment, while somebody else does": {func(i *domain.Issue) error {
			return errors.Join(i.Pick(lead, noon), i.Comment(agent, "More.", noon))
		}, false},
		"his comment, while he does": {func(i *domain.Issue) error {
			return errors.Join(i.Pick(agent, noon), i.Comment(agent, "I look at it.", noon))
		}, true},
		"his resolution": {func(i *domain.Issue) error {
			return errors.Join(i.Pick(agent, noon), i.Resolve(agent, domain.ResolutionFixed, "Done.", noon), i.Reopen(lead, "", noon))
		}, true},
		"his freezing of the listing": {func(i *domain.Issue) error {
			_, err := i.FreezeListing(agent, "Stolen?", noon)
			return err
		}, false},
		"a colleague's comment": {func(i *domain.Issue) error { return i.Comment(lead, "Thanks.", noon) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := reportedBy(t, agent.ID, 1)
			require.NoError(t, i.Triage(lead, domain.CategoryListing, domain.PriorityNormal, targets, noon))
			require.NoError(t, test.work(i))
			require.Equal(t, test.want, !i.State().Clocks.RespondedAt.IsZero())
			i.Breaches(noon.Add(first))
			require.Equal(t, test.want, i.State().Clocks.FirstResponseMissed.IsZero(), "a target is missed unless there was an answer")
		})
	}
}

// reportedBy is an issue about Bob's listing that somebody has reported.
func reportedBy(t testingT, member uuid.UUID, n byte) *domain.Issue {
	t.Helper()
	i, err := domain.ReportByMember(aboutBob(n), member, targets, noon)
	require.NoError(t, err)
	return i
}

func TestWhoMayRead(t *testing.T) {
	t.Parallel()
	i := inState(t, domain.StateAssigned, 1)
	require.NoError(t, i.Involve(lead, cleo, noon))
	want := map[string]domain.Audience{
		"a participant": domain.AudienceParticipant, "the reporter": domain.AudienceReporter, "a staff reporter": domain.AudienceStaff,
		"the assignee": domain.AudienceStaff, "another agent": domain.AudienceStaff, "a lead": domain.AudienceStaff,
	}
	for name, by := range actors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			audience, err := i.State().Readers().Audience(by)
			require.Equal(t, want[name], audience)
			if want[name] == "" {
				require.ErrorIs(t, err, domain.ErrIssueNotFound)
			} else {
				require.NoError(t, err)
			}
		})
	}

	t.Run("whoever is accused in his own report reads it", func(t *testing.T) {
		t.Parallel()
		r := aboutBob(2)
		r.Subject.Member = ada
		i, err := domain.ReportByMember(r, ada, targets, noon)
		require.NoError(t, err)
		audience, err := i.State().Readers().Audience(reporter)
		require.NoError(t, err)
		require.Equal(t, domain.AudienceReporter, audience)
		audience, err = i.State().Readers().Audience(domain.Actor{ID: ada, Staff: true})
		require.NoError(t, err)
		require.Equal(t, domain.AudienceStaff, audience)
	})

	t.Run("whoever is accused does not, even if he was involved somehow", func(t *testing.T) {
		t.Parallel()
		r := domain.Readers{State: domain.StateReported, Reporter: ada, Accused: bob, Participants: []uuid.UUID{bob}}
		_, err := r.Audience(domain.Actor{ID: bob})
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
	})

	t.Run("nobody reads what is not confirmed", func(t *testing.T) {
		t.Parallel()
		i := unconfirmed(t, 3)
		for _, by := range actors {
			_, err := i.State().Readers().Audience(by)
			require.ErrorIs(t, err, domain.ErrIssueNotFound)
		}
		_, err := i.Follower(secret(1))
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
	})
}
