package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
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
