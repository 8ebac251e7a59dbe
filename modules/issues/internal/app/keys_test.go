package app_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/idempotency"
)

// TestAKeyBelongsToWhatWasSaid gives each command under one key, and then with something else in it.
func TestAKeyBelongsToWhatWasSaid(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tests := map[string]struct {
		before func(d *desk, id uuid.UUID) uuid.UUID
		do     func(d *desk, id uuid.UUID, again bool) error
	}{
		"triage, the category": {reportedOnly, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewTriage(d.Desk).Do(ctx, app.TriageCommand{
				ActCommand: keyed(id), Category: either(again, domain.CategoryAbuse, domain.CategoryOther), Priority: domain.PriorityLow,
			})
		}},
		"triage, the priority": {reportedOnly, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewTriage(d.Desk).Do(ctx, app.TriageCommand{
				ActCommand: keyed(id), Category: domain.CategoryAbuse, Priority: either(again, domain.PriorityLow, domain.PriorityHigh),
			})
		}},
		"assign": {(*desk).triaged, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewAssign(d.Desk).Do(ctx, app.AssignCommand{ActCommand: keyed(id), Assignee: either(again, agent.ID, other.ID)})
		}},
		"reassign": {(*desk).picked, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewReassign(d.Desk).Do(ctx, app.ReassignCommand{ActCommand: keyed(id), Assignee: either(again, lead.ID, other.ID)})
		}},
		"wait, who is awaited": {(*desk).picked, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewWait(d.Desk).Do(ctx, app.WaitCommand{
				ActCommand: keyed(id), Awaited: either(again, domain.AwaitedReporter, domain.AwaitedThirdParty),
			})
		}},
		"wait, the text": {(*desk).picked, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewWait(d.Desk).Do(ctx, app.WaitCommand{
				ActCommand: keyed(id), Awaited: domain.AwaitedReporter, Text: either(again, "When?", "Where?"),
			})
		}},
		"comment": {reportedOnly, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewComment(d.Desk).Do(ctx, app.CommentCommand{ActCommand: keyed(id), Text: either(again, "This.", "That.")})
		}},
		"note": {reportedOnly, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewNote(d.Desk).Do(ctx, app.NoteCommand{ActCommand: keyed(id), Text: either(again, "This.", "That.")})
		}},
		"involve": {reportedOnly, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewInvolve(d.Desk).Do(ctx, app.InvolveCommand{ActCommand: keyed(id), Member: either(again, bob.ID, cleo.ID)})
		}},
		"resolve, how": {(*desk).picked, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewResolve(d.Desk).Do(ctx, app.ResolveCommand{
				ActCommand: keyed(id), Resolution: either(again, domain.ResolutionFixed, domain.ResolutionAnswered), Text: "So.",
			})
		}},
		"resolve, the text": {(*desk).picked, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewResolve(d.Desk).Do(ctx, app.ResolveCommand{
				ActCommand: keyed(id), Resolution: domain.ResolutionFixed, Text: either(again, "This.", "That."),
			})
		}},
		"reopen": {(*desk).resolved, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewReopen(d.Desk).Do(ctx, app.ReopenCommand{ActCommand: keyed(id), Text: either(again, "This.", "That.")})
		}},
		"reject, why": {reportedOnly, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewReject(d.Desk).Do(ctx, app.RejectCommand{
				ActCommand: keyed(id), Reason: either(again, domain.RejectedNotOurs, domain.RejectedSpam),
			})
		}},
		"reject, the text": {reportedOnly, func(d *desk, id uuid.UUID, again bool) error {
			return app.NewReject(d.Desk).Do(ctx, app.RejectCommand{
				ActCommand: keyed(id), Reason: domain.RejectedSpam, Text: either(again, "This.", "That."),
			})
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			id := test.before(d, d.report(ada))
			require.NoError(t, test.do(d, id, false))
			require.NoError(t, test.do(d, id, false))
			require.ErrorIs(t, test.do(d, id, true), idempotency.ErrConflict)
		})
	}
}

func TestAKeyBelongsToTheOtherIssue(t *testing.T) {
	t.Parallel()
	for name, act := range acts {
		if name != "merge" && name != "link" && name != "reject a duplicate" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			cmd := keyed(d.report(ada))
			require.NoError(t, act.do(t.Context(), d, cmd, d.report(ada)))
			require.ErrorIs(t, act.do(t.Context(), d, cmd, d.report(ada)), idempotency.ErrConflict)
		})
	}
}

// keyed is what a lead asks for under a key.
func keyed(issue uuid.UUID) app.ActCommand {
	cmd := by(lead, issue)
	cmd.Key = "1"
	return cmd
}

func either[T any](second bool, a, b T) T {
	if second {
		return b
	}
	return a
}

// interrupted are issues during whose first load something happens.
type interrupted struct {
	domain.Repository
	meanwhile func()
}

func (i *interrupted) Get(ctx context.Context, id uuid.UUID) (*domain.Issue, error) {
	issue, err := i.Repository.Get(ctx, id)
	if happen := i.meanwhile; happen != nil {
		i.meanwhile = nil
		happen()
	}
	return issue, err
}

// TestOneLetterIsPostedForTwoRequestsAtOnce sends the same request twice, so that the first meets the second.
func TestOneLetterIsPostedForTwoRequestsAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, _ := d.visited()
	cmd := app.CommentCommand{ActCommand: keyed(id), Text: "We look at it."}
	repository := &interrupted{Repository: d.issues}
	parts := d.parts
	parts.Issues = repository
	comment := app.NewComment(app.NewDesk(parts))
	repository.meanwhile = func() { require.NoError(t, comment.Do(t.Context(), cmd)) }
	require.NoError(t, comment.Do(t.Context(), cmd))
	require.Len(t, d.letters.take(), 1)
	require.Equal(t, int64(1), d.head(id).Comments)
}

// TestKeysOfGuestsAreTheirOwn has two visitors, who have drawn the same key, say different things about their issues.
func TestKeysOfGuestsAreTheirOwn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	comment := app.NewComment(d.Desk)
	says := func(id uuid.UUID, link, text string) error {
		return comment.Do(t.Context(), app.CommentCommand{
			ActCommand: app.ActCommand{By: app.Asker{Link: link}, Issue: id, Key: "1"}, Text: text,
		})
	}
	first, firstLink := d.visited()
	second, secondLink := d.visited()
	for range 2 {
		require.NoError(t, says(first, firstLink, "This."))
		require.NoError(t, says(second, secondLink, "That."))
	}
	require.Equal(t, int64(1), d.head(first).Comments)
	require.Equal(t, int64(1), d.head(second).Comments)
	require.ErrorIs(t, says(first, firstLink, "That."), idempotency.ErrConflict)
}
