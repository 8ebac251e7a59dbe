package domain_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

// commands give each command with what it needs, at noon and by a lead, who may do everything: only the state decides. The
// other issue, where there is one, is open.
var commands = map[domain.Command]func(t testingT, i *domain.Issue) error{
	domain.CommandConfirm: func(_ testingT, i *domain.Issue) error { return i.Confirm(secret(1), secret(2), noon) },
	domain.CommandTriage: func(_ testingT, i *domain.Issue) error {
		return i.Triage(lead, domain.CategoryAbuse, domain.PriorityHigh, targets, noon)
	},
	domain.CommandPick:     func(_ testingT, i *domain.Issue) error { return i.Pick(lead, noon) },
	domain.CommandAssign:   func(_ testingT, i *domain.Issue) error { return i.Assign(lead, other.ID, noon) },
	domain.CommandReassign: func(_ testingT, i *domain.Issue) error { return i.Reassign(lead, other.ID, noon) },
	domain.CommandReturn:   func(_ testingT, i *domain.Issue) error { return i.ReturnToQueue(agent.ID, noon) },
	domain.CommandWait:     func(_ testingT, i *domain.Issue) error { return i.Wait(lead, domain.AwaitedThirdParty, "", noon) },
	domain.CommandResume:   func(_ testingT, i *domain.Issue) error { return i.Resume(lead, noon) },
	domain.CommandComment:  func(_ testingT, i *domain.Issue) error { return i.Comment(lead, "We look into it.", noon) },
	domain.CommandNote:     func(_ testingT, i *domain.Issue) error { return i.Note(lead, "Again him.", noon) },
	domain.CommandInvolve:  func(_ testingT, i *domain.Issue) error { return i.Involve(lead, cleo, noon) },
	domain.CommandLink:     func(t testingT, i *domain.Issue) error { return i.Link(lead, reported(t, 50), noon) },
	domain.CommandResolve: func(_ testingT, i *domain.Issue) error {
		return i.Resolve(lead, domain.ResolutionAnswered, "Read the terms.", noon)
	},
	domain.CommandReopen: func(_ testingT, i *domain.Issue) error { return i.Reopen(lead, "", noon) },
	domain.CommandReject: func(_ testingT, i *domain.Issue) error { return i.Reject(lead, domain.RejectedNotOurs, "", noon) },
	domain.CommandMerge:  func(t testingT, i *domain.Issue) error { return i.Merge(lead, reported(t, 50), "", noon) },
	domain.CommandFreeze: func(_ testingT, i *domain.Issue) error { return freeze(i, lead, "Is it stolen?") },
	domain.CommandCancel: func(_ testingT, i *domain.Issue) error { return cancel(i, lead, "It is stolen.") },
	domain.CommandClose:  func(_ testingT, i *domain.Issue) error { return i.Close(noon.Add(domain.CloseAfter)) },
}

// What a command leads to: a state, or the code of a refusal.
const (
	report   = string(domain.StateReported)
	triaged  = string(domain.StateTriaged)
	assigned = string(domain.StateAssigned)
	waiting  = string(domain.StateWaiting)
	resolved = string(domain.StateResolved)
	closed   = string(domain.StateClosed)
	rejected = string(domain.StateRejected)
	merged   = string(domain.StateMerged)

	no     = "transition_not_allowed"
	unseen = "issue_not_found"
	badURL = "invalid_confirmation"
)

// inTable are the columns of transitions.
var inTable = []domain.State{
	domain.StateUnconfirmed, domain.StateReported, domain.StateTriaged, domain.StateAssigned, domain.StateWaiting,
	domain.StateResolved, domain.StateClosed, domain.StateRejected, domain.StateMerged,
}

// transitions is the state machine once more: a row for every command, a column for every state.
var transitions = map[domain.Command][]string{
	//                       unconfirmed reported  triaged   assigned  waiting   resolved  closed  rejected  merged
	domain.CommandConfirm:  {report, badURL, badURL, badURL, badURL, badURL, badURL, badURL, badURL},
	domain.CommandTriage:   {unseen, triaged, triaged, assigned, waiting, no, no, no, no},
	domain.CommandPick:     {unseen, no, assigned, no, no, no, no, no, no},
	domain.CommandAssign:   {unseen, no, assigned, no, no, no, no, no, no},
	domain.CommandReassign: {unseen, no, no, assigned, waiting, no, no, no, no},
	domain.CommandReturn:   {no, no, no, triaged, triaged, resolved, no, no, no},
	domain.CommandWait:     {unseen, no, no, waiting, no, no, no, no, no},
	domain.CommandResume:   {unseen, no, no, no, assigned, no, no, no, no},
	domain.CommandComment:  {unseen, report, triaged, assigned, waiting, resolved, no, no, no},
	domain.CommandNote:     {unseen, report, triaged, assigned, waiting, resolved, closed, rejected, merged},
	domain.CommandInvolve:  {unseen, report, triaged, assigned, waiting, no, no, no, no},
	domain.CommandLink:     {unseen, report, triaged, assigned, waiting, resolved, closed, rejected, merged},
	domain.CommandResolve:  {unseen, no, no, resolved, resolved, no, no, no, no},
	domain.CommandReopen:   {unseen, no, no, no, no, assigned, no, no, no},
	domain.CommandReject:   {unseen, rejected, rejected, rejected, rejected, no, no, no, no},
	domain.CommandMerge:    {unseen, merged, merged, merged, merged, no, no, no, no},
	domain.CommandFreeze:   {unseen, report, triaged, assigned, waiting, no, no, no, no},
	domain.CommandCancel:   {unseen, report, triaged, assigned, waiting, no, no, no, no},
	domain.CommandClose:    {no, no, no, no, no, closed, no, no, no},
}

func TestTheTableHasEveryStateAndEveryCommand(t *testing.T) {
	t.Parallel()
	require.ElementsMatch(t, domain.States(), inTable)
	require.Equal(t, domain.Commands(), slices.Sorted(maps.Keys(transitions)))
	require.Equal(t, domain.Commands(), slices.Sorted(maps.Keys(commands)))
	for command, row := range transitions {
		require.Len(t, row, len(inTable), command)
	}
}

func TestEveryCommandInEveryState(t *testing.T) {
	t.Parallel()
	for command, row := range transitions {
		for column, want := range row {
			state := inTable[column]
			t.Run(string(command)+" when "+string(state), func(t *testing.T) {
				t.Parallel()
				i := inState(t, state, 1)
				before := i.State()
				err := commands[command](t, i)
				if slices.Contains(inTable, domain.State(want)) {
					require.NoError(t, err)
					require.Equal(t, want, string(i.State().State))
					events, changed := i.Settle()
					require.True(t, changed)
					require.NotEmpty(t, events)
					require.Equal(t, i.State().State, events[len(events)-1].State)
					return
				}
				require.Equal(t, want, fault.CodeOf(err))
				requireUnchanged(t, i, before)
				if want == no {
					require.Equal(t, fault.Conflict, fault.KindOf(err))
					requireField(t, err, domain.ErrTransition, "state", string(state))
					requireField(t, err, domain.ErrTransition, "allowed", allowedByTable(column))
				}
			})
		}
	}
}

// allowedByTable are the commands that people may give, sorted.
func allowedByTable(column int) []string {
	allowed := []string{}
	for _, c := range domain.Commands() {
		if outcome := transitions[c][column]; outcome != no && outcome != unseen && outcome != badURL &&
			c != domain.CommandClose && c != domain.CommandReturn {
			allowed = append(allowed, string(c))
		}
	}
	return allowed
}

func TestARefusalSaysWhatIsAllowed(t *testing.T) {
	t.Parallel()
	err := inState(t, domain.StateResolved, 1).Resolve(agent, domain.ResolutionFixed, "Again.", noon)
	require.EqualError(t, err, "transition_not_allowed: To resolve is not allowed while the issue is resolved. "+
		"What it allows: comment, link, note, reopen.")
	require.Equal(t, []string{"comment", "link", "note", "reopen"}, fault.Of(err).Fields()["allowed"])
}

func TestOpenAndFinalStates(t *testing.T) {
	t.Parallel()
	for _, s := range domain.States() {
		open := []domain.State{domain.StateReported, domain.StateTriaged, domain.StateAssigned, domain.StateWaiting}
		final := []domain.State{domain.StateClosed, domain.StateRejected, domain.StateMerged}
		require.Equal(t, slices.Contains(open, s), s.Open(), s)
		require.Equal(t, slices.Contains(final, s), s.Final(), s)
	}
}
