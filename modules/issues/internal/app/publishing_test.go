package app_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
)

// TestWhatIsPublished gives every kind of event its published form.
func TestWhatIsPublished(t *testing.T) {
	t.Parallel()
	former, another := person(70), person(71)
	tests := map[domain.EventKind]struct {
		payload domain.Payload
		kind    string // empty: it is not published
		more    issuesapi.Event
	}{
		domain.KindReported:         {domain.Reported{Text: "secret"}, "issues.reported.v1", issuesapi.Event{}},
		domain.KindImported:         {domain.Imported{}, "", issuesapi.Event{}},
		domain.KindConfirmed:        {domain.Confirmed{}, "issues.reported.v1", issuesapi.Event{}},
		domain.KindTriaged:          {domain.Triaged{}, "issues.triaged.v1", issuesapi.Event{}},
		domain.KindPicked:           {domain.Picked{}, "issues.assigned.v1", issuesapi.Event{}},
		domain.KindAssigned:         {domain.Assigned{}, "issues.assigned.v1", issuesapi.Event{}},
		domain.KindReassigned:       {domain.Reassigned{Former: former}, "issues.assigned.v1", issuesapi.Event{FormerAssigneeID: &former}},
		domain.KindReturned:         {domain.Returned{Former: former}, "issues.returned.v1", issuesapi.Event{FormerAssigneeID: &former}},
		domain.KindWaiting:          {domain.Waiting{Text: "secret"}, "issues.waiting.v1", issuesapi.Event{}},
		domain.KindResumed:          {domain.Resumed{}, "issues.resumed.v1", issuesapi.Event{}},
		domain.KindCommented:        {domain.Commented{Text: "secret"}, "issues.commented.v1", issuesapi.Event{}},
		domain.KindNoted:            {domain.Noted{Text: "secret"}, "", issuesapi.Event{}},
		domain.KindInvolved:         {domain.Involved{Member: cleo.ID}, "issues.involved.v1", issuesapi.Event{InvolvedID: &cleo.ID}},
		domain.KindLinked:           {domain.Linked{Other: another}, "issues.linked.v1", issuesapi.Event{OtherID: &another}},
		domain.KindResolved:         {domain.Resolved{Text: "secret"}, "issues.resolved.v1", issuesapi.Event{}},
		domain.KindReopened:         {domain.Reopened{Text: "secret"}, "issues.reopened.v1", issuesapi.Event{}},
		domain.KindRejected:         {domain.Rejected{DuplicateOf: another, Text: "secret"}, "issues.rejected.v1", issuesapi.Event{OtherID: &another}},
		domain.KindDuplicated:       {domain.Duplicated{Other: another}, "issues.duplicated.v1", issuesapi.Event{OtherID: &another}},
		domain.KindMerged:           {domain.Merged{Into: another, Text: "secret"}, "issues.merged.v1", issuesapi.Event{OtherID: &another}},
		domain.KindAbsorbed:         {domain.Absorbed{Other: another}, "issues.absorbed.v1", issuesapi.Event{OtherID: &another}},
		domain.KindClosed:           {domain.Closed{}, "issues.closed.v1", issuesapi.Event{}},
		domain.KindListingFrozen:    {domain.ListingFrozen{Reason: "secret"}, "issues.listing_frozen.v1", issuesapi.Event{}},
		domain.KindListingCancelled: {domain.ListingCancelled{Reason: "secret"}, "issues.listing_cancelled.v1", issuesapi.Event{}},
		domain.KindBreached:         {domain.Breached{Clock: domain.ClockResolution}, "issues.breached.v1", issuesapi.Event{Clock: "resolution"}},
	}
	require.Len(t, tests, len(domain.Kinds()))
	for name, test := range tests {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			id := uuid.UUID{7}
			issue := domain.RestoreIssue(domain.IssueState{
				ID: id, Title: "secret", Category: domain.CategoryAbuse, Priority: domain.PriorityHigh, Assignee: other.ID,
				Reporter: domain.Reporter{Member: ada.ID}, Subject: domain.Subject{Kind: domain.SubjectMember, Member: bob.ID},
			})
			e := domain.Event{
				Issue: id, Seq: 3, At: noon, Role: domain.RoleStaff, Actor: agent.ID, State: domain.StateAssigned, Payload: test.payload,
			}
			m, published := app.Message(issue, e)
			require.Equal(t, test.kind != "", published)
			if !published {
				require.Zero(t, m)
				return
			}
			require.Equal(t, test.kind, m.Kind)
			require.Equal(t, id, m.Aggregate)
			require.Equal(t, int64(3), m.Seq)
			require.Equal(t, noon, m.At)
			require.NotContains(t, string(m.Payload), "secret")
			for _, hidden := range []uuid.UUID{ada.ID, bob.ID} {
				require.NotContains(t, string(m.Payload), hidden.String())
			}
			var got issuesapi.Event
			require.NoError(t, json.Unmarshal(m.Payload, &got))
			want := test.more
			want.IssueID, want.Seq, want.At, want.State, want.ActorRole = id, 3, noon, "assigned", "staff"
			want.Category, want.Priority, want.ActorID, want.AssigneeID = "abuse", "high", &agent.ID, &other.ID
			require.Equal(t, want, got)

			again, _ := app.Message(issue, e)
			require.Equal(t, m.ID, again.ID)
			e.Seq++
			next, _ := app.Message(issue, e)
			require.NotEqual(t, m.ID, next.ID)

			e.Role = domain.RoleReporter
			m, _ = app.Message(issue, e)
			require.NotContains(t, string(m.Payload), "actor_id")
			require.Contains(t, string(m.Payload), `"actor_role":"reporter"`)
			e.Role, e.Actor = domain.RoleHouse, uuid.Nil
			m, _ = app.Message(issue, e)
			require.NotContains(t, string(m.Payload), "actor_id")
			e.State = domain.StateUnconfirmed
			_, published = app.Message(issue, e)
			require.False(t, published)
		})
	}
}
