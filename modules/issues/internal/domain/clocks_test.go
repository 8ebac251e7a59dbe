package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// breaches are the breaches among the events, in their order.
func breaches(events []domain.Event) []domain.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e domain.Event) bool { return e.Kind() != domain.KindBreached })
}

func TestTheDefaultTargets(t *testing.T) {
	t.Parallel()
	require.Equal(t, domain.Target{FirstResponse: 72 * time.Hour, Resolution: 720 * time.Hour}, targets.For(domain.PriorityLow))
	require.Equal(t, domain.Target{FirstResponse: 24 * time.Hour, Resolution: 168 * time.Hour}, targets.For(domain.PriorityNormal))
	require.Equal(t, domain.Target{FirstResponse: 4 * time.Hour, Resolution: 48 * time.Hour}, targets.For(domain.PriorityHigh))
	require.Equal(t, domain.Target{FirstResponse: time.Hour, Resolution: 8 * time.Hour}, targets.For(domain.PriorityUrgent))
}

func TestATargetIsMissedAtTheInstantAtWhichItIsDue(t *testing.T) {
	t.Parallel()
	for _, p := range domain.Priorities {
		target := targets.For(p)
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			open := func() *domain.Issue {
				i := reported(t, 1)
				require.NoError(t, i.Triage(agent, domain.CategoryOther, p, targets, noon))
				require.NoError(t, i.Pick(agent, noon))
				i.Settle()
				return i
			}
			first, last := noon.Add(target.FirstResponse), noon.Add(target.Resolution)

			t.Run("the first response", func(t *testing.T) {
				t.Parallel()
				i := open()
				before := i.State()
				require.Equal(t, first, before.Due())
				require.False(t, i.Breaches(first.Add(-tick)))
				requireUnchanged(t, i, before)
				require.True(t, i.Breaches(first))
				events := happened(t, i, domain.KindBreached)
				require.Equal(t, domain.Event{
					Issue: issueID(1), Seq: 4, At: first, Role: domain.RoleHouse, State: domain.StateAssigned,
					Payload: domain.Breached{Clock: domain.ClockFirstResponse, Target: target.FirstResponse},
				}, events[0])
				require.Equal(t, first, i.State().Clocks.FirstResponseMissed)
				require.Equal(t, last, i.State().Due())
				require.False(t, i.Breaches(last.Add(-tick)), "once")
			})

			t.Run("the resolution", func(t *testing.T) {
				t.Parallel()
				i := open()
				require.NoError(t, i.Comment(agent, "We look into it.", noon))
				i.Settle()
				require.False(t, i.Breaches(last.Add(-tick)))
				require.True(t, i.Breaches(last))
				events := happened(t, i, domain.KindBreached)
				require.Equal(t, domain.Breached{Clock: domain.ClockResolution, Target: target.Resolution}, events[0].Payload)
				require.Equal(t, last, i.State().Clocks.ResolutionMissed)
				require.Zero(t, i.State().Due())
				require.False(t, i.Breaches(last.Add(1000*day)), "once")
			})

			t.Run("both, however late the job runs", func(t *testing.T) {
				t.Parallel()
				i := open()
				require.True(t, i.Breaches(last.Add(1000*day)))
				events := happened(t, i, domain.KindBreached, domain.KindBreached)
				require.Equal(t, first, events[0].At)
				require.Equal(t, last, events[1].At)
			})

			t.Run("or not at all, a microsecond before", func(t *testing.T) {
				t.Parallel()
				i := open()
				require.NoError(t, i.Comment(agent, "We look into it.", first.Add(-tick)))
				require.Equal(t, first.Add(-tick), i.State().Clocks.RespondedAt)
				require.NoError(t, i.Resolve(agent, domain.ResolutionFixed, "Done.", last.Add(-tick)))
				require.False(t, i.Breaches(last.Add(1000*day)))
				recorded, _ := i.Settle()
				require.Empty(t, breaches(recorded))
			})

			t.Run("but at that instant it is too late", func(t *testing.T) {
				t.Parallel()
				i := open()
				require.NoError(t, i.Comment(agent, "We look into it.", first))
				happened(t, i, domain.KindBreached, domain.KindCommented)
				require.NoError(t, i.Resolve(agent, domain.ResolutionFixed, "Done.", last))
				happened(t, i, domain.KindBreached, domain.KindResolved)
			})
		})
	}
}

func TestWhatCountsAsTheFirstResponse(t *testing.T) {
	t.Parallel()
	at := noon.Add(time.Hour)
	staffReporter := domain.Actor{ID: ada, Staff: true}
	for name, c := range map[string]struct {
		do   func(*domain.Issue) error
		want bool
	}{
		"a comment of staff":            {func(i *domain.Issue) error { return i.Comment(other, "Hello.", at) }, true},
		"a comment of the reporter":     {func(i *domain.Issue) error { return i.Comment(reporter, "Hello?", at) }, false},
		"a comment of a staff reporter": {func(i *domain.Issue) error { return i.Comment(staffReporter, "Hello?", at) }, false},
		"a comment of a participant":    {func(i *domain.Issue) error { return i.Comment(domain.Actor{ID: cleo}, "Me, too.", at) }, false},
		"an internal note":              {func(i *domain.Issue) error { return i.Note(agent, "Hm.", at) }, false},
		"a triage":                      {func(i *domain.Issue) error { return commands[domain.CommandTriage](t, i) }, false},
		"an assignment":                 {func(i *domain.Issue) error { return i.Reassign(lead, other.ID, at) }, false},
		"a question":                    {func(i *domain.Issue) error { return i.Wait(agent, domain.AwaitedReporter, "Which box?", at) }, true},
		"waiting without a word":        {func(i *domain.Issue) error { return i.Wait(agent, domain.AwaitedReporter, "", at) }, false},
		"waiting with a blank":          {func(i *domain.Issue) error { return i.Wait(agent, domain.AwaitedReporter, " \n", at) }, false},
		"a resolution":                  {func(i *domain.Issue) error { return i.Resolve(agent, domain.ResolutionFixed, "Done.", at) }, true},
		"a rejection":                   {func(i *domain.Issue) error { return i.Reject(agent, domain.RejectedSpam, "", at) }, true},
		"a merge":                       {func(i *domain.Issue) error { return i.Merge(agent, reported(t, 9), "", at) }, true},
		"a second comment is not the first": {func(i *domain.Issue) error {
			if err := i.Comment(agent, "Hello.", at); err != nil {
				return err
			}
			return i.Comment(agent, "Hello again.", at.Add(tick))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := inState(t, domain.StateAssigned, 1)
			require.NoError(t, i.Involve(agent, cleo, noon))
			require.NoError(t, c.do(i))
			if c.want {
				require.Equal(t, at, i.State().Clocks.RespondedAt)
			} else {
				require.Zero(t, i.State().Clocks.RespondedAt)
			}
		})
	}
}

func TestTheClocksStandStillWhileTheIssueWaits(t *testing.T) {
	t.Parallel()
	i := inState(t, domain.StateAssigned, 1)
	asked := noon.Add(10 * time.Hour)
	require.NoError(t, i.Wait(agent, domain.AwaitedThirdParty, "", asked))
	c := i.State().Clocks
	require.Equal(t, 10*time.Hour, c.Used)
	require.Equal(t, 10*time.Hour, c.UsedAt(asked.Add(100*day)))
	require.Zero(t, i.State().Due())
	require.False(t, i.Breaches(asked.Add(100*day)))

	back := asked.Add(100 * day)
	require.NoError(t, i.Resume(agent, back))
	c = i.State().Clocks
	require.Equal(t, back.Add(14*time.Hour), c.FirstResponseDue)
	require.Equal(t, back.Add(7*day-10*time.Hour), c.ResolutionDue)
	require.Equal(t, 11*time.Hour, c.UsedAt(back.Add(time.Hour)))
	require.Equal(t, 10*time.Hour, c.UsedAt(noon), "the past does not count backwards")
	require.False(t, i.Breaches(back.Add(14*time.Hour-tick)))
	require.True(t, i.Breaches(back.Add(14*time.Hour)))
}

func TestWaitingAMicrosecondBeforeTheTargetIsMissedSavesIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at     time.Time
		missed int
	}{"before": {noon.Add(day - tick), 0}, "then": {noon.Add(day), 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := inState(t, domain.StateAssigned, 1)
			require.NoError(t, i.Wait(agent, domain.AwaitedReporter, "", c.at))
			recorded, _ := i.Settle()
			require.Len(t, breaches(recorded), c.missed)
			require.NoError(t, i.Resume(agent, noon.Add(50*day)))
			require.Equal(t, c.missed == 0, i.State().Clocks.FirstResponseDue.Equal(noon.Add(50*day+tick)))
		})
	}
}

func TestAnotherPriorityCountsOverTheTimeAlreadyUsed(t *testing.T) {
	t.Parallel()
	triage := func(t *testing.T, i *domain.Issue, p domain.Priority, at time.Time) {
		t.Helper()
		require.NoError(t, i.Triage(agent, domain.CategoryOther, p, targets, at))
	}

	t.Run("a higher one brings the targets forward", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateAssigned, 1)
		triage(t, i, domain.PriorityUrgent, noon.Add(30*time.Minute))
		require.Equal(t, noon.Add(time.Hour), i.State().Clocks.FirstResponseDue)
		require.Equal(t, noon.Add(8*time.Hour), i.State().Clocks.ResolutionDue)
	})

	t.Run("a lower one puts them off", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateAssigned, 1)
		triage(t, i, domain.PriorityLow, noon.Add(day-tick))
		require.Equal(t, noon.Add(3*day), i.State().Clocks.FirstResponseDue)
	})

	t.Run("a target that is over already is missed at the instant of the change", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateAssigned, 1)
		at := noon.Add(2 * time.Hour)
		triage(t, i, domain.PriorityUrgent, at)
		i.Settle()
		require.True(t, i.Breaches(noon.Add(3*time.Hour)))
		events := happened(t, i, domain.KindBreached)
		require.Equal(t, at, events[0].At)
		require.Equal(t, domain.Breached{Clock: domain.ClockFirstResponse, Target: time.Hour}, events[0].Payload)
	})

	t.Run("while it waits they count from when it goes on", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateAssigned, 1)
		require.NoError(t, i.Wait(agent, domain.AwaitedReporter, "", noon.Add(time.Hour/2)))
		triage(t, i, domain.PriorityUrgent, noon.Add(day))
		require.Zero(t, i.State().Due())
		require.NoError(t, i.Resume(agent, noon.Add(2*day)))
		require.Equal(t, noon.Add(2*day+time.Hour/2), i.State().Clocks.FirstResponseDue)
	})

	t.Run("a target that was missed is not missed again", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateAssigned, 1)
		require.True(t, i.Breaches(noon.Add(8*day)))
		triage(t, i, domain.PriorityLow, noon.Add(8*day))
		i.Settle()
		require.Zero(t, i.State().Due())
		require.False(t, i.Breaches(noon.Add(100*day)))
	})

	t.Run("saying it again changes nothing", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateTriaged, 1)
		before := i.State()
		require.NoError(t, i.Triage(agent, domain.CategoryListing, domain.PriorityNormal, targets, noon.Add(time.Hour)))
		requireUnchanged(t, i, before)
		require.NoError(t, i.Triage(agent, domain.CategoryOther, domain.PriorityNormal, targets, noon.Add(time.Hour)))
		events := happened(t, i, domain.KindTriaged)
		require.Equal(t, domain.Triaged{
			Category: domain.CategoryOther, Priority: domain.PriorityNormal, Former: domain.PriorityNormal,
		}, events[0].Payload)
	})

	t.Run("only those that there are", func(t *testing.T) {
		t.Parallel()
		i := inState(t, domain.StateReported, 1)
		before := i.State()
		require.ErrorIs(t, i.Triage(agent, "", domain.PriorityLow, targets, noon), domain.ErrInvalidCategory)
		require.ErrorIs(t, i.Triage(agent, domain.CategoryOther, "", targets, noon), domain.ErrInvalidPriority)
		requireUnchanged(t, i, before)
	})
}

func TestAClockThatGoesBackChangesNoOrder(t *testing.T) {
	t.Parallel()
	i := inState(t, domain.StateAssigned, 1)
	require.NoError(t, i.Comment(agent, "Hello.", noon.Add(time.Hour)))
	require.NoError(t, i.Comment(agent, "Hello again.", noon))
	recorded, _ := i.Settle()
	require.Equal(t, noon.Add(time.Hour), recorded[1].At)
}

func TestTargetsOfOnesOwn(t *testing.T) {
	t.Parallel()
	good := func() map[domain.Priority]domain.Target {
		of := map[domain.Priority]domain.Target{}
		for _, p := range domain.Priorities {
			of[p] = domain.Target{FirstResponse: tick, Resolution: tick}
		}
		return of
	}
	own, err := domain.NewTargets(good())
	require.NoError(t, err)
	require.Equal(t, domain.Target{FirstResponse: tick, Resolution: tick}, own.For(domain.PriorityHigh))
	for _, p := range domain.Priorities {
		for name, wrong := range map[string]domain.Target{
			"none":                           {},
			"less than what can be told":     {FirstResponse: tick - 1, Resolution: tick},
			"below zero":                     {FirstResponse: -tick, Resolution: tick},
			"a resolution before the answer": {FirstResponse: 2 * tick, Resolution: tick},
		} {
			of := good()
			of[p] = wrong
			_, err := domain.NewTargets(of)
			requireField(t, err, domain.ErrInvalidTargets, "priority", string(p))
			require.Error(t, err, name)
		}
	}
	i, err := domain.ReportByMember(aboutBob(1), ada, domain.Targets{}, noon)
	require.NoError(t, err)
	require.Zero(t, i.State().Due(), "no targets measure nothing")

	given := good()
	own, err = domain.NewTargets(given)
	require.NoError(t, err)
	given[domain.PriorityLow] = domain.Target{}
	require.Equal(t, tick, own.For(domain.PriorityLow).Resolution, "it keeps its own")
}
