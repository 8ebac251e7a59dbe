package app_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

// exported returns issues.json of a member, as text and read.
func (d *desk) exported(member uuid.UUID) (text string, issues []map[string]any) {
	d.t.Helper()
	files, err := app.NewPortableData(d.views, d.clock).Export(d.t.Context(), member)
	require.NoError(d.t, err)
	require.Len(d.t, files, 1)
	require.Equal(d.t, "issues.json", files[0].File)
	require.NoError(d.t, json.Unmarshal(files[0].JSON, &issues))
	return string(files[0].JSON), issues
}

func (d *desk) says(c identity.Caller, id uuid.UUID, text string) {
	d.t.Helper()
	require.NoError(d.t, app.NewComment(d.Desk).Do(d.t.Context(), app.CommentCommand{ActCommand: by(c, id), Text: text}))
}

func TestAMemberTakesHisReportsAlong(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	text, _ := d.exported(ada.ID)
	require.Equal(t, "[]", text)
	id := d.against(ada)
	require.NoError(t, app.NewInvolve(d.Desk).Do(t.Context(), app.InvolveCommand{ActCommand: by(agent, id), Member: cleo.ID}))
	require.NoError(t, app.NewNote(d.Desk).Do(t.Context(), app.NoteCommand{ActCommand: by(agent, id), Text: "XNOTEX"}))
	d.says(ada, id, "The box was empty.")
	d.says(cleo, id, "I saw it.")
	d.says(agent, id, "We look at it.")
	d.resolved(id)
	require.NoError(t, app.NewReopen(d.Desk).Do(t.Context(), app.ReopenCommand{ActCommand: by(ada, id), Text: "Still empty."}))

	text, issues := d.exported(ada.ID)
	require.Len(t, issues, 1)
	require.Equal(t, id.String(), issues[0]["id"])
	require.Equal(t, true, issues[0]["reported"])
	require.Equal(t, "Not as described", issues[0]["title"])
	require.Equal(t, listing.String(), issues[0]["listing_id"])
	require.Equal(t, "assigned", issues[0]["state"])
	require.Len(t, issues[0]["comments"], 2)
	require.Contains(t, text, "The box was empty.")
	require.Contains(t, text, "Still empty.")
	for _, others := range []string{"XNOTEX", "I saw it.", "We look at it.", agent.ID.String(), cleo.ID.String(), bob.ID.String()} {
		require.NotContains(t, text, others)
	}

	text, issues = d.exported(cleo.ID)
	require.Len(t, issues, 1, "she said something")
	require.Equal(t, false, issues[0]["reported"])
	require.Contains(t, text, "I saw it.")
	for _, others := range []string{"The box", "Not as described", ada.ID.String()} {
		require.NotContains(t, text, others)
	}
	text, _ = d.exported(bob.ID)
	require.Equal(t, "[]", text, "whom it is about learns nothing")
	text, _ = d.exported(agent.ID)
	require.Equal(t, "[]", text, "what he said as staff is the house's")
}

func TestAllReportsAndCommentsAreTakenAlong(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.report(ada)
	for n := range page.MaxLimit + 1 {
		d.says(ada, id, fmt.Sprintf("Comment %d.", n))
	}
	for range page.MaxLimit {
		d.clock.Advance(tick)
		d.report(ada)
	}
	_, issues := d.exported(ada.ID)
	require.Len(t, issues, page.MaxLimit+1)
	last := issues[page.MaxLimit]
	require.Equal(t, "How does it work?", last["text"])
	require.Equal(t, string(domain.StateReported), last["state"])
	require.Len(t, last["comments"], page.MaxLimit+1)
}
