package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
)

var everything = page.Request{Limit: page.MaxLimit}

// involved is an issue of Ada's about Cleo's bid, with a participant, notes and a link, which the agent works on.
func (d *desk) involved() (id, linked uuid.UUID) {
	d.t.Helper()
	id, err := app.NewReportByMember(d.Desk).Do(d.t.Context(), app.ReportByMemberCommand{
		By: ada, Complaint: app.Complaint{Title: "A bid", About: app.About{Listing: listing, Bid: 3}},
	})
	require.NoError(d.t, err)
	linked = d.report(ada)
	ctx := d.t.Context()
	d.picked(id)
	require.NoError(d.t, app.NewInvolve(d.Desk).Do(ctx, app.InvolveCommand{ActCommand: by(agent, id), Member: bob.ID}))
	require.NoError(d.t, app.NewNote(d.Desk).Do(ctx, app.NoteCommand{ActCommand: by(agent, id), Text: "Cleo again."}))
	require.NoError(d.t, app.NewLink(d.Desk).Do(ctx, app.LinkCommand{ActCommand: by(agent, id), Other: linked}))
	return id, linked
}

func TestEveryAudienceSeesItsPart(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, linked := d.involved()
	read := app.NewReadIssue(d.views, d.clock)
	as := func(c identity.Caller) app.IssueRecord {
		r, err := read.Do(t.Context(), app.Asker{Caller: c}, id)
		require.NoError(t, err)
		return r
	}
	s := d.head(id)
	full := app.IssueRecord{
		IssueSummary: app.IssueSummary{
			ID: id, Title: "A bid", State: domain.StateAssigned, Category: domain.CategoryListing, Priority: domain.PriorityHigh,
			Assignee: agent.ID, ReportedAt: noon, FirstResponseDue: s.Clocks.FirstResponseDue, ResolutionDue: s.Clocks.ResolutionDue,
		},
		Audience: domain.AudienceStaff, Reporter: ada.ID, Subject: s.Subject, Participants: []uuid.UUID{bob.ID}, Links: []uuid.UUID{linked},
		Clocks: s.Clocks,
	}
	require.NotZero(t, full.FirstResponseDue)
	require.Equal(t, full, as(lead))

	public := full
	public.Audience = domain.AudienceReporter
	public.Category, public.Priority, public.Assignee = "", "", uuid.Nil
	public.FirstResponseDue, public.ResolutionDue, public.Clocks, public.Links = s.EndedAt, s.EndedAt, domain.Clocks{}, nil
	public.Subject.Member = uuid.Nil
	require.Equal(t, public, as(ada))

	public.Audience, public.Reporter = domain.AudienceParticipant, uuid.Nil
	require.Equal(t, public, as(bob))

	for _, c := range []identity.Caller{cleo, member(3, identity.Agent), member(50), {}} {
		_, err := read.Do(t.Context(), app.Asker{Caller: c}, id)
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
		_, err = read.Timeline(t.Context(), app.Asker{Caller: c}, id, everything)
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
	}
	_, err := read.Do(t.Context(), app.Asker{Caller: lead}, person(90))
	require.ErrorIs(t, err, domain.ErrIssueNotFound)
}

func TestEveryAudienceReadsItsTimeline(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, _ := d.involved()
	read := app.NewReadIssue(d.views, d.clock)
	kinds := func(c identity.Caller) (kinds []domain.EventKind, first domain.Event) {
		p, err := read.Timeline(t.Context(), app.Asker{Caller: c}, id, everything)
		require.NoError(t, err)
		for _, e := range p.Items {
			kinds = append(kinds, e.Kind())
		}
		return kinds, p.Items[0]
	}
	all, _ := kinds(agent)
	require.Equal(t, d.kinds(id), all)
	public := []domain.EventKind{domain.KindReported, domain.KindInvolved}
	own, first := kinds(ada)
	require.Equal(t, public, own)
	require.Equal(t, ada.ID, first.Actor)
	part, first := kinds(bob)
	require.Equal(t, public, part)
	require.Zero(t, first.Actor, "who reported is not told")
	_, err := read.Timeline(t.Context(), app.Asker{Caller: agent}, id, page.Request{Cursor: "x"})
	require.ErrorIs(t, err, page.ErrInvalidCursor)
}

func TestHowAnIssueEndedIsShown(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	original := d.report(ada)
	duplicate, merged := d.report(ada), d.report(ada)
	require.NoError(t, app.NewReject(d.Desk).Do(t.Context(), app.RejectCommand{
		ActCommand: by(agent, duplicate), Reason: domain.RejectedDuplicate, DuplicateOf: original,
	}))
	require.NoError(t, app.NewMerge(d.Desk).Do(t.Context(), app.MergeCommand{ActCommand: by(agent, merged), Into: original}))
	read := app.NewReadIssue(d.views, d.clock)
	for _, c := range []identity.Caller{agent, ada} {
		staff := c.ID == agent.ID
		r, err := read.Do(t.Context(), app.Asker{Caller: c}, duplicate)
		require.NoError(t, err)
		require.Equal(t, domain.RejectedDuplicate, r.Rejection)
		require.Equal(t, staff, r.DuplicateOf == original)
		require.Equal(t, noon, r.EndedAt)
		r, err = read.Do(t.Context(), app.Asker{Caller: c}, merged)
		require.NoError(t, err)
		require.Equal(t, domain.StateMerged, r.State)
		require.Equal(t, staff, r.MergedInto == original)
	}

	resolved := d.resolved(d.report(ada))
	end := noon.Add(domain.CloseAfter)
	d.clock.Set(end.Add(-tick))
	r, err := read.Do(t.Context(), app.Asker{Caller: ada}, resolved)
	require.NoError(t, err)
	require.Equal(t, domain.StateResolved, r.State)
	require.Equal(t, domain.ResolutionFixed, r.Resolution)
	require.Equal(t, noon, r.ResolvedAt)
	require.Equal(t, end, r.ClosesAt)
	require.Zero(t, r.EndedAt)
	d.clock.Set(end)
	r, err = read.Do(t.Context(), app.Asker{Caller: ada}, resolved)
	require.NoError(t, err)
	require.Equal(t, domain.StateClosed, r.State)
	require.Equal(t, end, r.EndedAt)
	require.Zero(t, r.ClosesAt)
}

func TestWhoIsListedWhat(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	own := d.picked(d.report(ada))
	d.clock.Advance(tick)
	about := d.against(ada)
	d.clock.Advance(tick)
	another := d.report(cleo)
	list := app.NewListIssues(d.views, d.clock)
	ids := func(c identity.Caller, f app.Filter) []uuid.UUID {
		p, err := list.Do(t.Context(), c, f, everything)
		require.NoError(t, err)
		ids := []uuid.UUID{}
		for _, i := range p.Items {
			ids = append(ids, i.ID)
		}
		return ids
	}
	require.Equal(t, []uuid.UUID{another, about, own}, ids(agent, app.Filter{}))
	require.Equal(t, []uuid.UUID{own}, ids(agent, app.Mine(agent.ID)))
	require.Equal(t, []uuid.UUID{about, own}, ids(ada, app.Filter{}))
	require.Equal(t, []uuid.UUID{about, own}, ids(ada, app.Filter{Assignee: other.ID, Category: domain.CategoryAbuse}),
		"what she is not shown is no condition")
	require.Empty(t, ids(bob, app.Filter{}))
	require.Empty(t, ids(identity.Caller{}, app.Filter{}))
	require.Equal(t, []uuid.UUID{about}, ids(ada, app.Filter{Words: "described"}))
	require.Equal(t, []uuid.UUID{own}, ids(ada, app.Filter{States: []domain.State{domain.StateAssigned}}))

	counts, err := list.Categories(t.Context(), agent, app.Filter{})
	require.NoError(t, err)
	require.Equal(t, []app.CategoryCount{{Category: "", Issues: 2}, {Category: domain.CategoryListing, Issues: 1}}, counts)
	_, err = list.Categories(t.Context(), ada, app.Filter{})
	require.ErrorIs(t, err, domain.ErrNotStaff)
}

func TestFiltersTellNobodyWhatHeIsNotShown(t *testing.T) {
	t.Parallel()
	full := app.Filter{
		States: []domain.State{domain.StateReported}, Category: domain.CategoryAbuse, Untriaged: true, Assignee: agent.ID,
		Unassigned: true, Reporter: ada.ID, Words: "box", Sort: app.SortQueue,
	}
	require.Equal(t, full, full.For(domain.Actor{ID: agent.ID, Staff: true}))
	allowed := app.Filter{States: full.States, Words: "box"}
	require.Equal(t, allowed, full.For(domain.Actor{ID: bob.ID}))
	allowed.Reporter = ada.ID
	require.Equal(t, allowed, full.For(domain.Actor{ID: ada.ID}))
}

func TestWordsOfAnIssue(t *testing.T) {
	t.Parallel()
	words, made := app.IssueWords("Title", domain.Event{Payload: domain.Imported{Text: "Text"}})
	require.True(t, made)
	require.Equal(t, []string{"text", "title"}, words)
	_, made = app.IssueWords("Title", domain.Event{Payload: domain.Commented{Text: "Text"}})
	require.False(t, made)
}
