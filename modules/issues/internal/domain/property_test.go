package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// desk is a few issues with their timelines: one of a member, one of a visitor, an imported one, and one that is about an
// agent.
type desk struct {
	issues    []*domain.Issue
	timelines [][]domain.Event
}

func newDesk(t testingT) *desk {
	t.Helper()
	one, err := domain.ReportByMember(aboutBob(1), ada, targets, noon)
	require.NoError(t, err)
	two, err := domain.ReportByVisitor(aboutBob(2), email(t, "vera@example.org"), targets, noon)
	require.NoError(t, err)
	require.NoError(t, two.SendConfirmation(secret(1), noon))
	three, err := domain.Import(foreign(), noon)
	require.NoError(t, err)
	r := aboutBob(4)
	r.Subject.Member = agent.ID
	four, err := domain.ReportByMember(r, ada, targets, noon)
	require.NoError(t, err)
	d := &desk{issues: []*domain.Issue{one, two, three, four}, timelines: make([][]domain.Event, 4)}
	d.settle()
	return d
}

// settle takes over what the issues recorded.
func (d *desk) settle() {
	for n, i := range d.issues {
		events, _ := i.Settle()
		d.timelines[n] = append(d.timelines[n], events...)
	}
}

// job does what the clock brings.
func (d *desk) job(now time.Time) {
	for _, i := range d.issues {
		i.Breaches(now)
		_ = i.Close(now)
	}
	d.settle()
}

// step is a command on one issue, and maybe another one, which can be given at several desks.
type step func(d *desk) error

// randomStep draws a command, mostly one that the state allows and by somebody who may.
func randomStep(t *rapid.T, d *desk, now time.Time) step {
	n, m := rapid.IntRange(0, 3).Draw(t, "issue"), rapid.IntRange(0, 3).Draw(t, "other")
	by := rapid.SampledFrom([]domain.Actor{
		lead, lead, lead, lead, lead, lead, lead, agent, agent, other, reporter, reporter,
		{ID: cleo},
		{ID: bob, Staff: true, Lead: true},
		{ID: ada, Staff: true},
		{},
	}).Draw(t, "by")
	who := rapid.SampledFrom([]uuid.UUID{other.ID, agent.ID, lead.ID, cleo, bob, ada, {}}).Draw(t, "who")
	priority := rapid.SampledFrom(domain.Priorities).Draw(t, "priority")
	awaited := rapid.SampledFrom(domain.AwaitedParties).Draw(t, "awaited")
	text := rapid.SampledFrom([]string{"Hello.", "Hello.", "Hello.", ""}).Draw(t, "text")
	type do = func(i, o *domain.Issue, by domain.Actor) error
	steps := map[domain.Command]do{
		domain.CommandConfirm: func(i, _ *domain.Issue, _ domain.Actor) error { return i.Confirm(secret(1), secret(2), now) },
		domain.CommandTriage: func(i, _ *domain.Issue, by domain.Actor) error {
			return i.Triage(by, domain.CategoryOther, priority, targets, now)
		},
		domain.CommandPick:     func(i, _ *domain.Issue, by domain.Actor) error { return i.Pick(by, now) },
		domain.CommandAssign:   func(i, _ *domain.Issue, by domain.Actor) error { return i.Assign(by, who, now) },
		domain.CommandReassign: func(i, _ *domain.Issue, by domain.Actor) error { return i.Reassign(by, who, now) },
		domain.CommandReturn: func(i, _ *domain.Issue, _ domain.Actor) error {
			return i.ReturnToQueue(i.State().Assignee, now)
		},
		domain.CommandWait:    func(i, _ *domain.Issue, by domain.Actor) error { return i.Wait(by, awaited, text, now) },
		domain.CommandResume:  func(i, _ *domain.Issue, by domain.Actor) error { return i.Resume(by, now) },
		domain.CommandComment: func(i, _ *domain.Issue, by domain.Actor) error { return i.Comment(by, text, now) },
		domain.CommandNote:    func(i, _ *domain.Issue, by domain.Actor) error { return i.Note(by, text, now) },
		domain.CommandInvolve: func(i, _ *domain.Issue, by domain.Actor) error { return i.Involve(by, who, now) },
		domain.CommandLink:    func(i, o *domain.Issue, by domain.Actor) error { return i.Link(by, o, now) },
		domain.CommandResolve: func(i, _ *domain.Issue, by domain.Actor) error {
			return i.Resolve(by, domain.ResolutionFixed, text, now)
		},
		domain.CommandReopen: func(i, _ *domain.Issue, by domain.Actor) error { return i.Reopen(by, text, now) },
		domain.CommandReject: func(i, _ *domain.Issue, by domain.Actor) error { return i.Reject(by, domain.RejectedSpam, text, now) },
		domain.CommandMerge:  func(i, o *domain.Issue, by domain.Actor) error { return i.Merge(by, o, text, now) },
		domain.CommandFreeze: func(i, _ *domain.Issue, by domain.Actor) error {
			_, err := i.FreezeListing(by, text, now)
			return err
		},
		domain.CommandCancel: func(i, _ *domain.Issue, by domain.Actor) error {
			_, err := i.CancelListing(by, text, now)
			return err
		},
		duplicate: func(i, o *domain.Issue, by domain.Actor) error { return i.RejectAsDuplicate(by, o, text, now) },
		sendLink:  func(i, _ *domain.Issue, _ domain.Actor) error { return i.SendLink(secret(2)) },
	}
	drawn := slices.Concat(d.issues[n].State().State.Allows(), []domain.Command{sendLink, domain.CommandReturn})
	if rapid.IntRange(0, 7).Draw(t, "any command") == 0 {
		drawn = slices.DeleteFunc(domain.Commands(), func(c domain.Command) bool { return c == domain.CommandClose }) // the job's
	}
	// What leads on is drawn more often.
	onward := slices.DeleteFunc(slices.Clone(drawn), func(c domain.Command) bool {
		return !slices.Contains([]domain.Command{
			domain.CommandConfirm, domain.CommandTriage, domain.CommandPick, domain.CommandWait, domain.CommandResume,
			domain.CommandResolve, domain.CommandReopen, domain.CommandReassign,
		}, c)
	})
	if len(onward) > 0 && rapid.IntRange(0, 2).Draw(t, "onward") > 0 {
		drawn = onward
	}
	if rapid.IntRange(0, 11).Draw(t, "end") == 11 && slices.Contains(drawn, domain.CommandReject) {
		drawn = []domain.Command{domain.CommandReject, domain.CommandMerge}
	}
	command := rapid.SampledFrom(drawn).Draw(t, "command")
	if command == domain.CommandReject && rapid.Bool().Draw(t, "duplicate") {
		command = duplicate
	}
	return func(d *desk) error {
		i := d.issues[n]
		visitor, err := i.Follower(secret(2))
		if err == nil && by.ID == ada && !by.Staff {
			return steps[command](i, d.issues[m], visitor)
		}
		return steps[command](i, d.issues[m], by)
	}
}

// What can be done beside the commands.
const (
	duplicate domain.Command = "reject as a duplicate"
	sendLink  domain.Command = "send a link"
)

// pause draws how much later the next command comes: often so that something is due in between, or just then.
func pause(t *rapid.T, d *desk, now time.Time) time.Time {
	var dues []time.Time
	for _, i := range d.issues {
		if due := i.State().Due(); due.After(now) {
			dues = append(dues, due)
		}
	}
	if len(dues) > 0 && rapid.IntRange(0, 5).Draw(t, "at due") == 5 {
		due := rapid.SampledFrom(dues).Draw(t, "due")
		return due.Add(rapid.SampledFrom([]time.Duration{-tick, 0, tick}).Draw(t, "beside"))
	}
	return now.Add(rapid.SampledFrom([]time.Duration{
		0, 0, tick, time.Minute, time.Hour, 5 * time.Hour, day, 10 * day,
	}).Draw(t, "pause"))
}

func TestWhateverIsDoneToIssues(t *testing.T) {
	t.Parallel()
	happened := map[domain.EventKind]int{}
	rapid.Check(t, func(t *rapid.T) {
		d, now, latest := newDesk(t), noon, noon
		for range rapid.IntRange(50, 150).Draw(t, "steps") {
			if rapid.IntRange(0, 9).Draw(t, "clock goes back") == 0 {
				now = now.Add(-time.Hour)
			} else {
				now = pause(t, d, now)
			}
			latest = later(latest, now)
			if rapid.IntRange(0, 3).Draw(t, "job") == 0 {
				d.job(now)
			}
			s := randomStep(t, d, now)
			before := states(d)
			if err := s(d); err != nil {
				require.Equal(t, before, states(d), "a refusal changes nothing")
			}
			requireProgress(t, before, d)
			d.settle()
		}
		end := latest.Add(rapid.SampledFrom([]time.Duration{0, day, 100 * day}).Draw(t, "end"))
		d.job(end)
		for n, i := range d.issues {
			requireConsistent(t, i.State(), d.timelines[n], end)
			require.Empty(t, cmp.Diff(i.State(), domain.RestoreIssue(i.State()).State()))
			for _, e := range d.timelines[n] {
				happened[e.Kind()]++
			}
		}
		requireNoCircles(t, d)
	})
	for _, kind := range domain.Kinds() {
		require.NotZero(t, happened[kind], "never was an issue %s", kind)
	}
}

// As long as the clock does not go back, it does not matter whether jobs look at it.
func TestJobsChangeNoHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lazy, diligent, now := newDesk(t), newDesk(t), noon
		for range rapid.IntRange(50, 150).Draw(t, "steps") {
			now = pause(t, lazy, now)
			if rapid.Bool().Draw(t, "job") {
				diligent.job(now)
			}
			s := randomStep(t, lazy, now)
			require.Equal(t, s(lazy), s(diligent), "the jobs change no answer")
			lazy.settle()
			diligent.settle()
		}
		end := now.Add(rapid.SampledFrom([]time.Duration{0, day, 100 * day}).Draw(t, "end"))
		lazy.job(end)
		diligent.job(end)
		for n, i := range lazy.issues {
			require.Empty(t, cmp.Diff(lazy.timelines[n], diligent.timelines[n]), "the jobs change no history")
			a, b := i.State(), diligent.issues[n].State()
			b.Version = a.Version // a job's change is one of its own
			require.Empty(t, cmp.Diff(a, b))
		}
	})
}

func states(d *desk) []domain.IssueState {
	var all []domain.IssueState
	for _, i := range d.issues {
		all = append(all, i.State())
	}
	return all
}

// requireProgress requires of every step that the time used never goes back, and that it stands still while the issue waits
// or is over.
func requireProgress(t testingT, before []domain.IssueState, d *desk) {
	t.Helper()
	for n, i := range d.issues {
		a, b := before[n], i.State()
		at := b.LastAt
		require.LessOrEqual(t, a.Clocks.UsedAt(a.LastAt), b.Clocks.UsedAt(at))
		if !ticks(a.State) && !ticks(b.State) {
			require.Equal(t, a.Clocks.Used, b.Clocks.Used)
			require.Equal(t, b.Clocks.Used, b.Clocks.UsedAt(at.Add(1000*day)))
		}
	}
}

func ticks(s domain.State) bool { return s.Open() && s != domain.StateWaiting }

// requireConsistent requires of a timeline what the head says, and what no timeline may say.
func requireConsistent(t testingT, s domain.IssueState, timeline []domain.Event, end time.Time) {
	t.Helper()
	require.Len(t, timeline, int(s.Seq))
	missed := map[domain.Clock]time.Time{}
	isResolved, comments := false, int64(0)
	used, last := time.Duration(0), domain.Event{State: domain.StateUnconfirmed}
	var since time.Time // when the clocks began to run
	count := func(at time.Time) {
		if !since.IsZero() {
			used += at.Sub(since)
			since = time.Time{}
		}
	}
	for n, e := range timeline {
		require.Equal(t, s.ID, e.Issue)
		require.Equal(t, int64(n+1), e.Seq)
		require.False(t, e.At.Before(last.At), "no event lies before the one before")
		count(e.At)
		if ticks(e.State) && (s.Origin == domain.Origin{} || e.State != domain.StateReported) {
			since = e.At
		}
		switch p := e.Payload.(type) {
		case domain.Breached:
			require.NotContains(t, missed, p.Clock, "a target is missed once")
			require.GreaterOrEqual(t, used, p.Target)
			missed[p.Clock] = e.At
		case domain.Resolved:
			require.False(t, isResolved, "never twice")
			isResolved = true
		case domain.Reopened:
			require.True(t, isResolved)
			require.Less(t, e.At.Sub(resolvedAt(timeline[:n])), domain.CloseAfter)
			isResolved = false
		case domain.Closed:
			require.Equal(t, domain.CloseAfter, e.At.Sub(resolvedAt(timeline[:n])))
		case domain.Commented:
			comments++
		}
		if last.State.Final() {
			require.Equal(t, last.State, e.State, "nothing leaves a final state")
		}
		last = e
	}
	count(later(end, last.At))
	require.Equal(t, s.State, last.State)
	require.Equal(t, s.LastAt, last.At)
	require.Equal(t, used, s.Clocks.UsedAt(later(end, last.At)), "the head counts as the timeline does")
	require.Equal(t, missed[domain.ClockFirstResponse], s.Clocks.FirstResponseMissed)
	require.Equal(t, missed[domain.ClockResolution], s.Clocks.ResolutionMissed)
	if !s.Clocks.RunningSince.IsZero() {
		require.True(t, s.Clocks.ResolutionDue.IsZero() == !s.Clocks.ResolutionMissed.IsZero())
	}
	if due := s.Due(); !due.IsZero() {
		require.True(t, due.After(end), "the job has seen to what was due")
	}
	if s.Origin == (domain.Origin{}) {
		require.Equal(t, comments, s.Comments)
	}
	require.Equal(t, s.State == domain.StateWaiting, s.Awaited != "")
	require.Equal(t, s.State == domain.StateMerged, s.MergedInto != uuid.Nil)
	require.Equal(t, s.State == domain.StateRejected, s.Rejection != "")
	require.Equal(t, s.State.Final(), !s.EndedAt.IsZero())
	require.False(t, s.Assignee != uuid.Nil && s.Assignee == s.Subject.Member && s.Assignee != s.Reporter.Member, "nobody works on what is about him")
	requireAssignments(t, s, timeline)
	requireSeparate(t, s, timeline)
}

// resolvedAt is when the issue was last resolved.
func resolvedAt(timeline []domain.Event) time.Time {
	for _, e := range slices.Backward(timeline) {
		if e.Kind() == domain.KindResolved {
			return e.At
		}
	}
	return time.Time{}
}

// requireAssignments requires that the history of assignments has no overlap, and ends with the assignee.
func requireAssignments(t testingT, s domain.IssueState, timeline []domain.Event) {
	t.Helper()
	all := domain.Assignments(timeline)
	for n, a := range all {
		require.NotEqual(t, uuid.Nil, a.Assignee)
		if n < len(all)-1 {
			require.False(t, a.Until.IsZero())
			require.False(t, all[n+1].From.Before(a.Until))
		}
	}
	running := len(all) > 0 && all[len(all)-1].Until.IsZero()
	switch {
	case running:
		require.Equal(t, all[len(all)-1].Assignee, s.Assignee)
	case !s.State.Final():
		require.Equal(t, uuid.Nil, s.Assignee)
	}
}

// byStaffAlone are kinds of public events that only the help desk brings about.
var byStaffAlone = []domain.EventKind{
	domain.KindWaiting, domain.KindInvolved, domain.KindResolved, domain.KindRejected, domain.KindMerged, domain.KindListingFrozen,
	domain.KindListingCancelled,
}

// requireSeparate requires that nobody outside the help desk sees notes, and that participants do not see who reported.
func requireSeparate(t testingT, s domain.IssueState, timeline []domain.Event) {
	t.Helper()
	require.NotContains(t, s.Participants, s.Subject.Member)
	for _, e := range timeline {
		seen, shown := e.For(domain.AudienceParticipant)
		require.NotEqual(t, domain.KindNoted, kindOf(seen, shown))
		if !shown {
			continue
		}
		himself := seen.Actor != uuid.Nil && seen.Actor == s.Reporter.Member
		require.False(t, himself && seen.Role != domain.RoleStaff, "who has reported it is known as staff at most")
		require.False(t, seen.Role == domain.RoleReporter && slices.Contains(byStaffAlone, seen.Kind()), "nobody sees that he is of staff")
	}
}

func kindOf(e domain.Event, shown bool) domain.EventKind {
	if !shown {
		return ""
	}
	return e.Kind()
}

// requireNoCircles requires that whoever follows where issues went comes to one that stands.
func requireNoCircles(t testingT, d *desk) {
	t.Helper()
	next := map[uuid.UUID]uuid.UUID{}
	for _, i := range d.issues {
		s := i.State()
		if s.State == domain.StateMerged {
			next[s.ID] = s.MergedInto
		} else if s.DuplicateOf != uuid.Nil {
			next[s.ID] = s.DuplicateOf
		}
	}
	for id := range next {
		for range len(d.issues) {
			if to, more := next[id]; more {
				id = to
			}
		}
		require.NotContains(t, next, id)
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func TestSnapshotsAreIndependent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, now := newDesk(t), noon
		walk := func(d *desk, steps int) {
			for range steps {
				now = pause(t, d, now)
				_ = randomStep(t, d, now)(d)
			}
		}
		walk(d, rapid.IntRange(0, 20).Draw(t, "before"))
		copies, others := &desk{timelines: make([][]domain.Event, 4)}, &desk{timelines: make([][]domain.Event, 4)}
		for _, i := range d.issues {
			copies.issues = append(copies.issues, i.Snapshot())
			others.issues = append(others.issues, i.Snapshot())
		}
		kept := states(copies)
		want := make([]domain.IssueState, len(kept))
		for n, s := range kept {
			want[n] = deepCopy(s)
		}
		walk(d, rapid.IntRange(1, 20).Draw(t, "after"))
		walk(others, rapid.IntRange(1, 20).Draw(t, "beside"))
		require.Empty(t, cmp.Diff(want, states(copies)))
		for n := range d.issues {
			for _, e := range [][]*domain.Issue{d.issues, others.issues} {
				s := e[n].State()
				events, _ := e[n].Settle()
				if len(events) > 0 {
					require.Equal(t, s.Seq, events[len(events)-1].Seq)
					require.Equal(t, s.State, events[len(events)-1].State, "copies do not write over each other's events")
				}
			}
		}
	})
}

// Lists grow in steps, so that an element put into one copy could land in the other's.
func TestSnapshotsGrowApart(t *testing.T) {
	t.Parallel()
	for name, put := range map[string]func(i *domain.Issue, n byte) error{
		"participants": func(i *domain.Issue, n byte) error { return i.Involve(lead, person(200-n), noon) },
		"links":        func(i *domain.Issue, n byte) error { return i.Link(lead, reported(t, 200-n), noon) },
		"mailed links": func(i *domain.Issue, n byte) error { return i.SendLink(secret(10 + n)) },
		"events":       func(i *domain.Issue, n byte) error { return i.Note(lead, string(rune('a'+n)), noon) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for before := range byte(12) {
				i := visited(t, 1)
				for n := range before {
					require.NoError(t, put(i, n))
				}
				kept, other := i.Snapshot(), i.Snapshot()
				want := deepCopy(kept.State())
				require.NoError(t, put(i, before))
				mine := deepCopy(i.State())
				require.NoError(t, put(other, before+1))
				require.Equal(t, want, kept.State())
				require.Equal(t, mine, i.State())
				if events, _ := i.Settle(); name == "events" {
					require.Equal(t, domain.Noted{Text: string(rune('a' + before))}, events[before].Payload)
				}
			}
		})
	}
}

// deepCopy shares nothing with s.
func deepCopy(s domain.IssueState) domain.IssueState {
	s.Participants, s.Links = slices.Clone(s.Participants), slices.Clone(s.Links)
	s.Reporter.Follow = slices.Clone(s.Reporter.Follow)
	return s
}
