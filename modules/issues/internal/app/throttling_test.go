package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

func TestVisitorsReportsAreCountedByAddressAndNetwork(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	u := app.NewReportByVisitor(d.Desk)
	report := func(title string) error {
		return u.Do(t.Context(), app.ReportByVisitorCommand{
			Email: "vera@example.org", Network: "192.0.2.1", Complaint: app.Complaint{Title: title},
		})
	}
	require.NoError(t, report("A question"))
	require.Equal(t, []string{"letter to vera@example.org from 192.0.2.1"}, d.house.counted)
	require.Len(t, d.letters.take(), 1)
	require.Error(t, report(""))
	require.Len(t, d.house.counted, 1, "what is no report costs nothing")

	planned := func() (n int) {
		due, err := d.schedule.Due(t.Context(), noon.AddDate(1, 0, 0), 100)
		require.NoError(t, err)
		return len(due)
	}
	require.Equal(t, 1, planned())
	d.house.silent = true
	require.NoError(t, report("A question"), "whoever asks too often for one address is not told")
	require.Empty(t, d.letters.take())
	require.Equal(t, 1, planned(), "an issue that nobody can confirm is not kept")
	d.house.silent, d.house.limited = false, errBroken
	require.ErrorIs(t, report("A question"), errBroken)
	require.Empty(t, d.letters.take())
	require.Equal(t, 1, planned())
}

func TestMembersReportsAreCountedButNotThoseOfStaff(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.report(ada)
	require.Equal(t, []string{"report an issue by " + ada.ID.String() + ", 20 are free"}, d.house.counted)
	d.report(agent)
	require.Len(t, d.house.counted, 1)
	d.house.limited = errBroken
	id, err := app.NewReportByMember(d.Desk).Do(t.Context(), app.ReportByMemberCommand{By: ada, Complaint: app.Complaint{Title: "Again"}})
	require.ErrorIs(t, err, errBroken)
	require.Equal(t, uuid.Nil, id)
	d.report(agent)
}

func TestCommentsAreCountedButNotThoseOfStaff(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	visited, link := d.visited()
	member := d.report(ada)
	d.house.counted = nil
	comment := func(asker app.Asker, issue uuid.UUID, text, key string) error {
		return app.NewComment(d.Desk).Do(t.Context(), app.CommentCommand{
			ActCommand: app.ActCommand{By: asker, Issue: issue, Key: key}, Text: text,
		})
	}
	require.NoError(t, comment(app.Asker{Caller: agent}, visited, "We look.", ""))
	require.Empty(t, d.house.counted, "staff say what there is to say")
	another := d.letters.take()[0].link
	require.ErrorIs(t, comment(app.Asker{Link: link}, visited, " ", ""), domain.ErrInvalidText)
	require.ErrorIs(t, comment(app.Asker{Caller: cleo}, member, "Me, too!", ""), domain.ErrIssueNotFound)
	require.Empty(t, d.house.counted, "what is no comment costs nothing")

	for range 2 {
		require.NoError(t, comment(app.Asker{Link: link}, visited, "So?", "1"))
	}
	require.NoError(t, comment(app.Asker{Link: another}, visited, "So?", "2"))
	require.NoError(t, comment(app.Asker{Caller: ada}, member, "So?", ""))
	visitors := "comment on an issue by the visitor of " + visited.String() + ", 20 are free"
	require.Equal(t, []string{
		visitors, visitors, "comment on an issue by " + ada.ID.String() + ", 20 are free",
	}, d.house.counted, "once under a key, and together by all links")

	d.house.limited = errBroken
	before := d.head(member)
	require.ErrorIs(t, comment(app.Asker{Caller: ada}, member, "So!", ""), errBroken)
	require.ErrorIs(t, comment(app.Asker{Link: link}, visited, "So!", ""), errBroken)
	require.Equal(t, before, d.head(member))
	require.NoError(t, comment(app.Asker{Caller: agent}, member, "So.", ""))
}
