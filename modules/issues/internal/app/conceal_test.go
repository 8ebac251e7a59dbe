package app_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

// accusing reports an issue of Ada's about the other agent, who must not know of it.
func (d *desk) accusing() uuid.UUID {
	d.t.Helper()
	id, err := app.NewReportByMember(d.Desk).Do(d.t.Context(), app.ReportByMemberCommand{
		By: ada, Complaint: app.Complaint{Title: "He insults people", About: app.About{Member: other.ID}},
	})
	require.NoError(d.t, err)
	return id
}

// namings are the acts that name one issue on another one, by the agent.
var namings = map[string]func(d *desk, one, two uuid.UUID) error{
	"links": func(d *desk, one, two uuid.UUID) error {
		return app.NewLink(d.Desk).Do(d.t.Context(), app.LinkCommand{ActCommand: by(agent, one), Other: two})
	},
	"merges": func(d *desk, one, two uuid.UUID) error {
		return app.NewMerge(d.Desk).Do(d.t.Context(), app.MergeCommand{ActCommand: by(agent, one), Into: two, Text: "See there."})
	},
	"rejects as a duplicate": func(d *desk, one, two uuid.UUID) error {
		return app.NewReject(d.Desk).Do(d.t.Context(), app.RejectCommand{
			ActCommand: by(agent, one), Reason: domain.RejectedDuplicate, DuplicateOf: two, Text: "See there.",
		})
	},
}

func TestNothingNamesAnIssueAboutStaffToThem(t *testing.T) {
	t.Parallel()
	for name, naming := range namings {
		t.Run("nobody "+name+" an issue about a colleague and one that he may read", func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			open, hidden := d.report(ada), d.accusing()
			before, beforeHidden := d.head(open), d.head(hidden)
			require.ErrorIs(t, naming(d, open, hidden), domain.ErrAccusedWouldLearn)
			require.ErrorIs(t, naming(d, hidden, open), domain.ErrAccusedWouldLearn)
			require.Equal(t, before, d.head(open))
			require.Equal(t, beforeHidden, d.head(hidden))
		})

		t.Run("whoever may not, learns nothing of who works here, when he "+name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			open, hidden := d.report(ada), d.accusing()
			err := app.NewLink(d.Desk).Do(t.Context(), app.LinkCommand{ActCommand: by(ada, open), Other: hidden})
			require.ErrorIs(t, err, domain.ErrNotStaff)
			err = app.NewLink(d.Desk).Do(t.Context(), app.LinkCommand{ActCommand: by(other, open), Other: hidden})
			require.ErrorIs(t, err, domain.ErrIssueNotFound)
		})

		t.Run("the agent "+name+" two issues about the same colleague", func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			require.NoError(t, naming(d, d.accusing(), d.accusing()))
		})

		t.Run("the agent "+name+" an issue that its accused has reported himself", func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			own, err := app.NewReportByMember(d.Desk).Do(t.Context(), app.ReportByMemberCommand{
				By: other, Complaint: app.Complaint{Title: "I am slandered", About: app.About{Member: other.ID}},
			})
			require.NoError(t, err)
			require.NoError(t, naming(d, d.report(ada), own))
		})

		t.Run("the agent "+name+" one about somebody who does not work here, and a broken port stops him", func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			require.NoError(t, naming(d, d.report(ada), d.against(ada)))
			one, two := d.report(ada), d.against(ada)
			d.house.err = errBroken
			require.ErrorIs(t, naming(d, one, two), errBroken)
		})

		t.Run("whoever joins the staff after somebody "+name+" it is shown nothing", func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			one, two := d.report(ada), d.report(ada)
			hidden, hiddenToo := d.accusing(), d.accusing()
			d.house.gone = []uuid.UUID{other.ID}
			require.NoError(t, naming(d, one, hidden))
			require.NoError(t, naming(d, hiddenToo, two))
			d.house.gone = nil
			d.requireUnaware(one, two, hidden, hiddenToo)
		})
	}
}

// requireUnaware requires that the other agent, who may read those that are open, finds no trace of those that are hidden
// from him in anything that he can see, and that the agent does.
func (d *desk) requireUnaware(one, two, hidden, hiddenToo uuid.UUID) {
	t := d.t
	t.Helper()
	trace := func(shown any) bool {
		text, err := json.Marshal(shown)
		require.NoError(t, err)
		for _, id := range []uuid.UUID{hidden, hiddenToo} {
			if strings.Contains(string(text), id.String()) {
				return true
			}
		}
		return false
	}
	read, list := app.NewReadIssue(d.views, d.clock), app.NewListIssues(d.views, d.clock)
	for open, of := range map[uuid.UUID]string{one: "the one that names", two: "the one that is named"} {
		him, colleague := app.Asker{Caller: other}, app.Asker{Caller: agent}
		record, err := read.Do(t.Context(), him, open)
		require.NoError(t, err)
		require.Equal(t, domain.AudienceStaff, record.Audience)
		require.False(t, trace(record), of)
		timeline, err := read.Timeline(t.Context(), him, open, everything)
		require.NoError(t, err)
		require.False(t, trace(timeline), of)
		for _, e := range timeline.Items {
			require.NotContains(t, []domain.EventKind{domain.KindLinked, domain.KindAbsorbed, domain.KindDuplicated}, e.Kind())
		}
		timeline, err = read.Timeline(t.Context(), colleague, open, everything)
		require.NoError(t, err)
		require.True(t, trace(timeline), of)
	}
	for _, id := range []uuid.UUID{hidden, hiddenToo} {
		_, err := read.Do(t.Context(), app.Asker{Caller: other}, id)
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
		_, err = read.Timeline(t.Context(), app.Asker{Caller: other}, id, everything)
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
		_, err = read.Evidence(t.Context(), app.Asker{Caller: other}, id)
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
	}
	for name, f := range map[string]app.Filter{
		"all": {}, "the queue": app.Queue(), "unassigned": app.Unassigned(), "ada's": {Reporter: ada.ID}, "words": {Words: "insults"},
		"ended": {States: []domain.State{domain.StateRejected, domain.StateMerged}},
	} {
		shown, err := list.Do(t.Context(), other, f, everything)
		require.NoError(t, err)
		require.False(t, trace(shown), name)
	}
	counts, err := list.Categories(t.Context(), other, app.Filter{})
	require.NoError(t, err)
	require.Equal(t, []app.CategoryCount{{Issues: 2}}, counts)
	files, err := app.NewPortableData(d.views, d.clock).Export(t.Context(), other.ID)
	require.NoError(t, err)
	require.JSONEq(t, "[]", string(files[0].JSON))
	third := d.report(ada)
	for _, open := range []uuid.UUID{one, two} {
		for _, hers := range []uuid.UUID{hidden, hiddenToo} {
			err = app.NewLink(d.Desk).Do(t.Context(), app.LinkCommand{ActCommand: by(other, open), Other: hers})
			require.ErrorIs(t, err, domain.ErrIssueNotFound)
		}
		err = app.NewMerge(d.Desk).Do(t.Context(), app.MergeCommand{ActCommand: by(other, third), Into: open})
		require.False(t, trace(fieldsOf(err)), "a refusal says as little")
	}
}

// fieldsOf returns what a refusal says beside its code.
func fieldsOf(err error) map[string]any {
	var refusal *fault.Error
	if errors.As(err, &refusal) {
		return refusal.Fields()
	}
	return nil
}
