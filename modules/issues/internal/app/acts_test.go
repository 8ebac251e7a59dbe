package app_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/identity"
)

// perform runs a command of a name on an issue of the state that it needs.
type perform func(ctx context.Context, d *desk, act app.ActCommand, other uuid.UUID) error

// acts are all commands on issues: what the issue must be before, who may give them, and what they leave.
var acts = map[string]struct {
	before func(d *desk, id uuid.UUID) uuid.UUID
	by     identity.Caller
	do     perform
	left   domain.State
	event  domain.EventKind
	news   bool // for a visitor who reported the issue
}{
	"triage": {reportedOnly, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewTriage(d.Desk).Do(ctx, app.TriageCommand{ActCommand: act, Category: domain.CategoryAbuse, Priority: domain.PriorityUrgent})
	}, domain.StateTriaged, domain.KindTriaged, false},
	"pick": {(*desk).triaged, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewPick(d.Desk).Do(ctx, act)
	}, domain.StateAssigned, domain.KindPicked, false},
	"assign": {(*desk).triaged, lead, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewAssign(d.Desk).Do(ctx, app.AssignCommand{ActCommand: act, Assignee: other.ID})
	}, domain.StateAssigned, domain.KindAssigned, false},
	"reassign": {(*desk).picked, lead, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewReassign(d.Desk).Do(ctx, app.ReassignCommand{ActCommand: act, Assignee: other.ID})
	}, domain.StateAssigned, domain.KindReassigned, false},
	"wait": {(*desk).picked, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewWait(d.Desk).Do(ctx, app.WaitCommand{ActCommand: act, Awaited: domain.AwaitedReporter, Text: "When?"})
	}, domain.StateWaiting, domain.KindWaiting, true},
	"resume": {waiting, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewResume(d.Desk).Do(ctx, act)
	}, domain.StateAssigned, domain.KindResumed, false},
	"comment": {reportedOnly, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewComment(d.Desk).Do(ctx, app.CommentCommand{ActCommand: act, Text: "We look at it."})
	}, domain.StateReported, domain.KindCommented, true},
	"note": {reportedOnly, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewNote(d.Desk).Do(ctx, app.NoteCommand{ActCommand: act, Text: "Again."})
	}, domain.StateReported, domain.KindNoted, false},
	"involve": {reportedOnly, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewInvolve(d.Desk).Do(ctx, app.InvolveCommand{ActCommand: act, Member: cleo.ID})
	}, domain.StateReported, domain.KindInvolved, false},
	"resolve": {(*desk).picked, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewResolve(d.Desk).Do(ctx, app.ResolveCommand{ActCommand: act, Resolution: domain.ResolutionAnswered, Text: "So."})
	}, domain.StateResolved, domain.KindResolved, true},
	"reopen": {(*desk).resolved, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewReopen(d.Desk).Do(ctx, app.ReopenCommand{ActCommand: act, Text: "Not yet."})
	}, domain.StateAssigned, domain.KindReopened, true},
	"reject": {reportedOnly, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewReject(d.Desk).Do(ctx, app.RejectCommand{ActCommand: act, Reason: domain.RejectedNotOurs})
	}, domain.StateRejected, domain.KindRejected, true},
	"reject spam": {reportedOnly, agent, func(ctx context.Context, d *desk, act app.ActCommand, _ uuid.UUID) error {
		return app.NewReject(d.Desk).Do(ctx, app.RejectCommand{ActCommand: act, Reason: domain.RejectedSpam})
	}, domain.StateRejected, domain.KindRejected, false},
	"reject a duplicate": {reportedOnly, agent, func(ctx context.Context, d *desk, act app.ActCommand, other uuid.UUID) error {
		return app.NewReject(d.Desk).Do(ctx, app.RejectCommand{ActCommand: act, Reason: domain.RejectedDuplicate, DuplicateOf: other})
	}, domain.StateRejected, domain.KindRejected, true},
	"merge": {reportedOnly, agent, func(ctx context.Context, d *desk, act app.ActCommand, other uuid.UUID) error {
		return app.NewMerge(d.Desk).Do(ctx, app.MergeCommand{ActCommand: act, Into: other, Text: "It goes on there."})
	}, domain.StateMerged, domain.KindMerged, true},
	"link": {reportedOnly, agent, func(ctx context.Context, d *desk, act app.ActCommand, other uuid.UUID) error {
		return app.NewLink(d.Desk).Do(ctx, app.LinkCommand{ActCommand: act, Other: other})
	}, domain.StateReported, domain.KindLinked, false},
}

func reportedOnly(_ *desk, id uuid.UUID) uuid.UUID { return id }

func waiting(d *desk, id uuid.UUID) uuid.UUID {
	require.NoError(d.t, app.NewWait(d.Desk).Do(d.t.Context(), app.WaitCommand{
		ActCommand: by(agent, d.picked(id)), Awaited: domain.AwaitedThirdParty,
	}))
	return id
}

// TestActs runs every command, with a key and twice, by those who may and by those who may not.
func TestActs(t *testing.T) {
	t.Parallel()
	for name, act := range acts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			another := d.report(bob)
			id := act.before(d, d.report(ada))
			before := d.head(id)

			require.ErrorIs(t, act.do(t.Context(), d, by(cleo, id), another), domain.ErrIssueNotFound, "a stranger")
			require.ErrorIs(t, act.do(t.Context(), d, app.ActCommand{Issue: id}, another), domain.ErrIssueNotFound, "a guest")
			require.ErrorIs(t, act.do(t.Context(), d, by(act.by, person(90)), another), domain.ErrIssueNotFound, "no such issue")
			require.Equal(t, before, d.head(id))

			cmd := by(act.by, id)
			cmd.Key = "1"
			d.clock.Advance(tick)
			for range 2 {
				require.NoError(t, act.do(t.Context(), d, cmd, another))
			}
			after := d.head(id)
			require.Equal(t, act.left, after.State)
			require.Equal(t, before.Version+1, after.Version)
			last := d.timeline(id)[after.Seq-1]
			require.Equal(t, act.event, last.Kind())
			require.Equal(t, act.by.ID, last.Actor)
			require.Equal(t, noon.Add(tick), last.At)
			require.Empty(t, d.letters.take(), "members are told by others")

			elsewhere := d.report(ada)
			cmd.Issue = elsewhere
			require.ErrorIs(t, act.do(t.Context(), d, cmd, another), idempotency.ErrConflict, "the key is that of another request")
		})
	}
}

func TestVisitorsAreToldWhatIsNew(t *testing.T) {
	t.Parallel()
	for name, act := range acts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			id, _ := d.visited()
			act.before(d, id)
			d.letters.take()
			cmd, another := by(act.by, id), d.report(bob)
			cmd.Key = "1"
			for range 2 {
				require.NoError(t, act.do(t.Context(), d, cmd, another), "the same request again")
			}
			posted := d.letters.take()
			if !act.news {
				require.Empty(t, posted)
				return
			}
			require.Len(t, posted, 1)
			require.Equal(t, "news", posted[0].kind)
			require.Equal(t, "vera@example.org", posted[0].to)
			r, err := app.NewReadIssue(d.views, d.clock).Do(t.Context(), app.Asker{Link: posted[0].link}, id)
			require.NoError(t, err, "the letter brings a link")
			require.Equal(t, act.left, r.State)
		})
	}
}

func TestAVisitorActsByHisLink(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, follow := d.visited()
	elsewhere, _ := d.visited()
	comment := app.NewComment(d.Desk)
	say := func(issue uuid.UUID, link string) error {
		return comment.Do(t.Context(), app.CommentCommand{
			ActCommand: app.ActCommand{By: app.Asker{Link: link}, Issue: issue}, Text: "It still is.",
		})
	}
	require.NoError(t, say(id, follow))
	require.Empty(t, d.letters.take(), "he knows what he said")
	require.ErrorIs(t, say(elsewhere, follow), domain.ErrIssueNotFound, "the link of another issue")
	require.ErrorIs(t, say(id, "x"), domain.ErrIssueNotFound)
	_, secret, err := domain.ParseMailedText(follow)
	require.NoError(t, err)
	require.ErrorIs(t, say(id, domain.MailedText(elsewhere, secret)), domain.ErrIssueNotFound, "a link to another issue")
	require.ErrorIs(t, say(id, domain.MailedText(id, domain.Secret{1})), domain.ErrIssueNotFound)

	d.resolved(id)
	require.Len(t, d.letters.take(), 1)
	visitor := app.ActCommand{By: app.Asker{Link: follow}, Issue: id}
	require.ErrorIs(t, app.NewNote(d.Desk).Do(t.Context(), app.NoteCommand{ActCommand: visitor, Text: "Secret."}), domain.ErrNotStaff)
	require.NoError(t, app.NewReopen(d.Desk).Do(t.Context(), app.ReopenCommand{ActCommand: visitor}))
	require.Empty(t, d.letters.take())
	require.Equal(t, domain.StateAssigned, d.head(id).State)
}

func TestRefusalsLeaveNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.report(ada)
	before, published := d.head(id), len(d.outbox.Messages())
	require.ErrorIs(t, app.NewPick(d.Desk).Do(t.Context(), by(agent, id)), domain.ErrTransition)
	require.ErrorIs(t, app.NewComment(d.Desk).Do(t.Context(), app.CommentCommand{ActCommand: by(ada, id)}), domain.ErrInvalidText)
	require.ErrorIs(t, app.NewNote(d.Desk).Do(t.Context(), app.NoteCommand{ActCommand: by(ada, id), Text: "I"}), domain.ErrNotStaff)
	for _, another := range []uuid.UUID{{}, person(90)} {
		require.ErrorIs(t, app.NewLink(d.Desk).Do(t.Context(), app.LinkCommand{
			ActCommand: by(agent, id), Other: another,
		}), domain.ErrIssueNotFound)
		require.ErrorIs(t, app.NewMerge(d.Desk).Do(t.Context(), app.MergeCommand{
			ActCommand: by(agent, id), Into: another,
		}), domain.ErrIssueNotFound)
		require.ErrorIs(t, app.NewReject(d.Desk).Do(t.Context(), app.RejectCommand{
			ActCommand: by(agent, id), Reason: domain.RejectedDuplicate, DuplicateOf: another,
		}), domain.ErrIssueNotFound)
	}
	require.ErrorIs(t, app.NewLink(d.Desk).Do(t.Context(), app.LinkCommand{ActCommand: by(agent, id), Other: id}), domain.ErrSameIssue)
	require.ErrorIs(t, app.NewInvolve(d.Desk).Do(t.Context(), app.InvolveCommand{
		ActCommand: by(agent, id), Member: nobody,
	}), domain.ErrInvalidMember)
	require.Equal(t, before, d.head(id))
	require.Len(t, d.outbox.Messages(), published)
}

func TestWhoMayBeGivenWork(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		by       identity.Caller
		assignee uuid.UUID
		want     error
	}{
		"a lead an agent":              {lead, agent.ID, nil},
		"a lead himself":               {lead, lead.ID, nil},
		"an agent himself":             {agent, agent.ID, nil},
		"an agent another one":         {agent, other.ID, domain.ErrNotLead},
		"a lead a member":              {lead, cleo.ID, domain.ErrInvalidAssignee},
		"a lead nobody":                {lead, uuid.Nil, domain.ErrInvalidAssignee},
		"a lead by a token of a robot": {limited(lead), agent.ID, domain.ErrNotLead},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			id := d.triaged(d.report(ada))
			err := app.NewAssign(d.Desk).Do(t.Context(), app.AssignCommand{ActCommand: by(test.by, id), Assignee: test.assignee})
			require.ErrorIs(t, err, test.want)
			if test.want == nil {
				require.Equal(t, test.assignee, d.head(id).Assignee)
			}
		})
	}
}

// limited is the caller by a token that permits less than his roles.
func limited(c identity.Caller) identity.Caller {
	c.Token, c.Scopes = true, []string{"issues.work"}
	return c
}

func TestWorkIsNotGivenBlindly(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.triaged(d.report(ada))
	assign := func(c identity.Caller, assignee uuid.UUID) error {
		return app.NewAssign(d.Desk).Do(t.Context(), app.AssignCommand{ActCommand: by(c, id), Assignee: assignee})
	}
	reassign := func(assignee uuid.UUID) error {
		return app.NewReassign(d.Desk).Do(t.Context(), app.ReassignCommand{ActCommand: by(lead, id), Assignee: assignee})
	}
	d.house.err = errBroken
	require.ErrorIs(t, assign(lead, agent.ID), errBroken)
	require.ErrorIs(t, assign(cleo, agent.ID), domain.ErrIssueNotFound, "who may not is told nothing of staff")
	require.ErrorIs(t, app.NewInvolve(d.Desk).Do(t.Context(), app.InvolveCommand{
		ActCommand: by(agent, id), Member: cleo.ID,
	}), errBroken)
	require.Equal(t, domain.StateTriaged, d.head(id).State)
	require.NoError(t, assign(agent, agent.ID), "himself")
	require.ErrorIs(t, reassign(other.ID), errBroken)
	d.house.err = nil
	require.ErrorIs(t, reassign(cleo.ID), domain.ErrInvalidAssignee)
	require.Equal(t, agent.ID, d.head(id).Assignee)
	require.NoError(t, reassign(lead.ID), "himself")
}

func TestStaffWhoAreAccusedHaveNoPart(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.against(ada)
	bobAsAgent := member(2, identity.Agent)
	require.ErrorIs(t, app.NewTriage(d.Desk).Do(t.Context(), app.TriageCommand{
		ActCommand: by(bobAsAgent, id), Category: domain.CategoryAbuse, Priority: domain.PriorityLow,
	}), domain.ErrIssueNotFound)
	page, err := app.NewListIssues(d.views, d.clock).Do(t.Context(), bobAsAgent, app.Filter{}, everything)
	require.NoError(t, err)
	require.Empty(t, page.Items)
}

func TestWhoIsInvolvedHasAnAccount(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.report(ada)
	involve := func(by app.ActCommand, member uuid.UUID) error {
		return app.NewInvolve(d.Desk).Do(t.Context(), app.InvolveCommand{ActCommand: by, Member: member})
	}
	require.ErrorIs(t, involve(by(agent, id), nobody), domain.ErrInvalidMember)
	d.house.suspended = []uuid.UUID{cleo.ID}
	require.ErrorIs(t, involve(by(agent, id), cleo.ID), domain.ErrInvalidMember, "suspended, or deleted")
	require.ErrorIs(t, involve(by(ada, id), nobody), domain.ErrNotStaff, "others learn nothing")
	require.Empty(t, d.head(id).Participants)
	d.house.suspended = nil
	cmd := by(agent, id)
	cmd.Key = "1"
	require.NoError(t, involve(cmd, cleo.ID))
	d.house.suspended = []uuid.UUID{cleo.ID}
	require.NoError(t, involve(cmd, cleo.ID), "what was accepted is answered as then")
}
