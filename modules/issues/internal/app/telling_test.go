package app_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/events"
)

// notices are those that were brought, by id, as the port keeps them.
type notices struct {
	byID map[uuid.UUID]profilesapi.Notice
	err  error
}

func (n *notices) Notify(_ context.Context, brought ...profilesapi.Notice) error {
	for _, b := range brought {
		n.byID[b.ID] = b
	}
	return n.err
}

// tell delivers all events so far, twice, and returns who was told what by the last one of that kind.
func (d *desk) tell(kind string) map[uuid.UUID]profilesapi.Notice {
	d.t.Helper()
	told := map[uuid.UUID]profilesapi.Notice{}
	for _, m := range d.outbox.Messages() {
		if m.Kind != kind {
			continue
		}
		box := &notices{byID: map[uuid.UUID]profilesapi.Notice{}}
		u := app.NewTellMembers(d.issues, d.house, box)
		var counts [2]int
		for i := range counts {
			require.NoError(d.t, d.work.Do(d.t.Context(), func(ctx context.Context) error { return u.Do(ctx, m) }))
			counts[i] = len(box.byID)
		}
		require.Equal(d.t, counts[0], counts[1], "what comes again is the same news")
		told = map[uuid.UUID]profilesapi.Notice{}
		for _, n := range box.byID {
			require.NotContains(d.t, told, n.Member, "once")
			told[n.Member] = n
		}
	}
	return told
}

func members(told map[uuid.UUID]profilesapi.Notice) []uuid.UUID {
	ids := []uuid.UUID{}
	for id := range told {
		ids = append(ids, id)
	}
	return ids
}

func TestWhoeverGivesWorkTellsTheAssignee(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.picked(d.report(ada))
	require.Empty(t, d.tell(issuesapi.KindAssigned), "he picked it himself")
	require.NoError(t, app.NewReassign(d.Desk).Do(t.Context(), app.ReassignCommand{ActCommand: by(lead, id), Assignee: other.ID}))
	told := d.tell(issuesapi.KindAssigned)
	require.Equal(t, []uuid.UUID{other.ID}, members(told))
	require.Equal(t, profilesapi.NoticeAssigned, told[other.ID].Kind)
	require.Equal(t, "/issues/"+id.String(), told[other.ID].Path)
	require.Equal(t, id, told[other.ID].About)

	d.clock.Advance(40 * day)
	_, err := app.NewKeepTime(d.Desk, d.schedule).Do(t.Context())
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{other.ID}, members(d.tell(issuesapi.KindBreached)))
}

func TestWhoTakesPartIsToldButNotTheOneWhoActed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.picked(d.report(ada))
	require.NoError(t, app.NewInvolve(d.Desk).Do(t.Context(), app.InvolveCommand{ActCommand: by(agent, id), Member: cleo.ID}))
	comment := func(c app.ActCommand) {
		require.NoError(t, app.NewComment(d.Desk).Do(t.Context(), app.CommentCommand{ActCommand: c, Text: "the secret words"}))
	}
	comment(by(agent, id))
	told := d.tell(issuesapi.KindCommented)
	require.ElementsMatch(t, []uuid.UUID{ada.ID, cleo.ID}, members(told))
	for _, n := range told {
		require.Equal(t, profilesapi.NoticeIssue, n.Kind)
		require.NotContains(t, n.Subject+n.Text, "secret")
		require.NotContains(t, n.Subject+n.Text, ada.ID.String())
	}
	comment(by(ada, id))
	require.ElementsMatch(t, []uuid.UUID{agent.ID, cleo.ID}, members(d.tell(issuesapi.KindCommented)))
	comment(by(cleo, id))
	require.ElementsMatch(t, []uuid.UUID{agent.ID, ada.ID}, members(d.tell(issuesapi.KindCommented)))
	require.NoError(t, app.NewNote(d.Desk).Do(t.Context(), app.NoteCommand{ActCommand: by(agent, id), Text: "internal"}))
	require.NoError(t, app.NewResolve(d.Desk).Do(t.Context(), app.ResolveCommand{
		ActCommand: by(agent, id), Resolution: domain.ResolutionFixed, Text: "Done.",
	}))
	require.ElementsMatch(t, []uuid.UUID{ada.ID, cleo.ID}, members(d.tell(issuesapi.KindResolved)))
	require.NoError(t, app.NewReopen(d.Desk).Do(t.Context(), app.ReopenCommand{ActCommand: by(ada, id)}))
	require.ElementsMatch(t, []uuid.UUID{agent.ID, cleo.ID}, members(d.tell(issuesapi.KindReopened)))
}

func TestWhoWorksHereNoLongerIsTheAssigneeOfNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.picked(d.report(ada))
	comment := func() {
		require.NoError(t, app.NewComment(d.Desk).Do(t.Context(), app.CommentCommand{ActCommand: by(lead, id), Text: "We look."}))
	}
	comment()
	require.ElementsMatch(t, []uuid.UUID{ada.ID, agent.ID}, members(d.tell(issuesapi.KindCommented)))
	require.NoError(t, app.NewReassign(d.Desk).Do(t.Context(), app.ReassignCommand{ActCommand: by(lead, id), Assignee: other.ID}))
	d.house.gone = []uuid.UUID{other.ID}
	comment()
	require.Equal(t, []uuid.UUID{ada.ID}, members(d.tell(issuesapi.KindCommented)), "before his work is returned")
	require.Empty(t, d.tell(issuesapi.KindAssigned))

	require.NoError(t, app.NewInvolve(d.Desk).Do(t.Context(), app.InvolveCommand{ActCommand: by(lead, id), Member: other.ID}))
	require.Equal(t, []uuid.UUID{other.ID}, members(d.tell(issuesapi.KindInvolved)))
	comment()
	require.ElementsMatch(t, []uuid.UUID{ada.ID, other.ID}, members(d.tell(issuesapi.KindCommented)), "he takes part as others do")
	require.Empty(t, d.tell(issuesapi.KindAssigned), "which is no work")
	d.house.err = errBroken
	all := d.outbox.Messages()
	u := app.NewTellMembers(d.issues, d.house, &notices{})
	require.ErrorIs(t, d.work.Do(t.Context(), func(ctx context.Context) error { return u.Do(ctx, all[len(all)-1]) }), errBroken)
}

func TestWhoIsInvolvedIsToldOnceAndNobodyElse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.picked(d.report(ada))
	for _, member := range []uuid.UUID{cleo.ID, bob.ID} {
		require.NoError(t, app.NewInvolve(d.Desk).Do(t.Context(), app.InvolveCommand{ActCommand: by(agent, id), Member: member}))
		told := d.tell(issuesapi.KindInvolved)
		require.Equal(t, []uuid.UUID{member}, members(told), "neither the reporter nor who takes part already")
		require.Contains(t, told[member].Text, "let you take part")
	}
}

func TestCommentsOfSomeMinutesAreOneNotice(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	box := &notices{byID: map[uuid.UUID]profilesapi.Notice{}}
	u := app.NewTellMembers(d.issues, d.house, box)
	told := 0
	comment := func(id uuid.UUID) {
		t.Helper()
		require.NoError(t, app.NewComment(d.Desk).Do(t.Context(), app.CommentCommand{ActCommand: by(agent, id), Text: "We look."}))
		for _, m := range d.outbox.Messages()[told:] {
			if m.Kind == issuesapi.KindCommented {
				require.NoError(t, d.work.Do(t.Context(), func(ctx context.Context) error { return u.Do(ctx, m) }))
			}
		}
		told = len(d.outbox.Messages())
	}
	id := d.report(ada)
	comment(id)
	d.clock.Advance(5*time.Minute - tick)
	comment(id)
	require.Len(t, box.byID, 1)
	for _, n := range box.byID {
		require.Equal(t, noon.Add(5*time.Minute), n.MailAt, "the mail leaves when they are over")
		require.Equal(t, noon.Add(5*time.Minute-tick), n.At)
	}
	comment(d.report(ada))
	require.Len(t, box.byID, 2, "another issue is other news")
	d.clock.Advance(tick)
	comment(id)
	require.Len(t, box.byID, 3)
	require.NoError(t, app.NewInvolve(d.Desk).Do(t.Context(), app.InvolveCommand{ActCommand: by(agent, id), Member: cleo.ID}))
	comment(id)
	require.Len(t, box.byID, 4, "to somebody else")
}

func TestTheAccusedHearsNothingAndNeitherDoesSpam(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.picked(d.against(ada))
	require.NoError(t, app.NewComment(d.Desk).Do(t.Context(), app.CommentCommand{ActCommand: by(agent, id), Text: "We look."}))
	require.Equal(t, []uuid.UUID{ada.ID}, members(d.tell(issuesapi.KindCommented)), "not Bob, who sells")
	require.NoError(t, app.NewReject(d.Desk).Do(t.Context(), app.RejectCommand{ActCommand: by(agent, id), Reason: domain.RejectedSpam}))
	require.Empty(t, d.tell(issuesapi.KindRejected))
	other := d.picked(d.report(ada))
	require.NoError(t, app.NewReject(d.Desk).Do(t.Context(), app.RejectCommand{ActCommand: by(agent, other), Reason: domain.RejectedNotOurs}))
	require.Equal(t, []uuid.UUID{ada.ID}, members(d.tell(issuesapi.KindRejected)))
}

func TestALetterToAVisitorIsNoNotice(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, _ := d.visited()
	require.NoError(t, app.NewComment(d.Desk).Do(t.Context(), app.CommentCommand{ActCommand: by(agent, d.picked(id)), Text: "We look."}))
	require.Empty(t, d.tell(issuesapi.KindCommented))
	require.Len(t, d.letters.take(), 1)
}

func TestWhatIsNoNewsIsNotTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	u := app.NewTellMembers(d.issues, d.house, &notices{})
	do := func(m events.Message) error {
		return d.work.Do(t.Context(), func(ctx context.Context) error { return u.Do(ctx, m) })
	}
	payload := func(e issuesapi.Event) []byte {
		text, err := json.Marshal(e)
		require.NoError(t, err)
		return text
	}
	require.Error(t, do(events.Message{Kind: issuesapi.KindCommented, Payload: []byte("{")}))
	require.Error(t, do(events.Message{Kind: issuesapi.KindCommented, Payload: payload(issuesapi.Event{})}))
	require.Error(t, do(events.Message{Kind: issuesapi.KindTriaged, Payload: payload(issuesapi.Event{IssueID: person(1)})}))
	gone := payload(issuesapi.Event{IssueID: person(1)})
	require.NoError(t, do(events.Message{Kind: issuesapi.KindCommented, Payload: gone}), "an issue that is gone")

	id, err := app.NewReportByMember(d.Desk).Do(t.Context(), app.ReportByMemberCommand{
		By: ada, Complaint: app.Complaint{Title: strings.Repeat("ä ", 300)},
	})
	require.NoError(t, err)
	require.NoError(t, app.NewComment(d.Desk).Do(t.Context(), app.CommentCommand{ActCommand: by(agent, id), Text: "So long!"}))
	subject := d.tell(issuesapi.KindCommented)[ada.ID].Subject
	require.Len(t, []rune(subject), len("a new comment: ")+100)
	require.True(t, strings.HasSuffix(subject, "…"))
	u = app.NewTellMembers(d.issues, d.house, &notices{byID: map[uuid.UUID]profilesapi.Notice{}, err: errBroken})
	all := d.outbox.Messages()
	require.ErrorIs(t, do(all[len(all)-1]), errBroken)
}

func TestAnEventOfAMemberReturnsHisWork(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.picked(d.report(ada))
	d.house.gone = []uuid.UUID{agent.ID}
	u := app.NewReturnToQueue(d.Desk, d.schedule)
	heard := func(payload string) error {
		return d.work.Do(t.Context(), func(ctx context.Context) error {
			return u.Heard(ctx, events.Message{Kind: profilesapi.KindSuspended, Payload: []byte(payload)})
		})
	}
	require.Error(t, heard(`{`))
	require.Error(t, heard(`{}`))
	require.NoError(t, heard(`{"member_id": "`+agent.ID.String()+`"}`))
	require.Zero(t, d.head(id).Assignee)
}
