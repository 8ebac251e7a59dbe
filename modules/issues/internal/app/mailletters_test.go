package app_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/mail"
)

// waiting returns how many letters are yet to be mailed, some day.
func (d *desk) waiting() int {
	d.t.Helper()
	due, err := d.due.Due(d.t.Context(), noon.AddDate(1, 0, 0), 100)
	require.NoError(d.t, err)
	return len(due)
}

// asks reports an issue as a visitor, under a key.
func (d *desk) asks(key string) {
	d.t.Helper()
	require.NoError(d.t, app.NewReportByVisitor(d.Desk).Do(d.t.Context(), app.ReportByVisitorCommand{
		Email: "vera@example.org", Complaint: app.Complaint{Title: "A visitor's question"}, Key: key,
	}))
}

// outcomes returns what became of the letters.
func outcomes(reports []app.LetterReport) []app.LetterOutcome {
	var all []app.LetterOutcome
	for _, r := range reports {
		all = append(all, r.Outcome)
	}
	return all
}

func TestALetterIsMailedByWhoeverComesAfterAKill(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.asks("1") // and is killed before anything is mailed
	d.asks("1")
	require.Equal(t, 1, d.waiting(), "what is asked again under its key is mailed once")
	d.letters.mailing = d.mailing(app.NewDesk(d.parts))
	posted := d.letters.take()
	require.Len(t, posted, 1)
	require.Equal(t, "confirm", posted[0].kind)
	_, err := app.NewConfirm(d.Desk).Do(t.Context(), posted[0].link)
	require.NoError(t, err)
	require.Len(t, d.letters.take(), 1)
	require.Zero(t, d.waiting())
}

func TestALetterThatWasOnItsWayIsMailedAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.asks("")
	d.letters.during = func(app.VisitorLetter) { panic("killed") }
	require.Equal(t, []app.LetterOutcome{app.LetterFailed}, outcomes(d.letters.reports()))
	d.letters.during = nil
	require.Empty(t, d.letters.take(), "not at once")

	due, planned, err := d.due.Next(t.Context())
	require.NoError(t, err)
	require.True(t, planned)
	require.WithinRange(t, due, noon.Add(45*time.Second), noon.Add(75*time.Second))
	d.clock.Advance(2 * time.Minute)
	require.Len(t, d.letters.take(), 1)
}

func TestALetterIsHeldByOneServer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.asks("")
	other := d.mailing(app.NewDesk(d.parts))
	var first, second app.VisitorLetter
	var third app.LetterReport
	calls := 0
	d.letters.during = func(l app.VisitorLetter) {
		if calls++; calls > 1 {
			second = l
			return
		}
		first = l
		var err error
		third, err = other.Do(t.Context(), l.ID)
		require.NoError(t, err)
		require.Equal(t, app.LetterPassed, third.Outcome)
		d.clock.Advance(hold - tick)
		third, err = other.Do(t.Context(), l.ID)
		require.NoError(t, err)
		require.Equal(t, app.LetterPassed, third.Outcome)
		d.clock.Advance(tick) // this one is taken for dead
		third, err = other.Do(t.Context(), l.ID)
		require.NoError(t, err)
	}
	require.Equal(t, []app.LetterOutcome{app.LetterSent}, outcomes(d.letters.reports()))
	require.Equal(t, app.LetterSent, third.Outcome)
	require.Equal(t, first.ID, second.ID, "the same Message-ID")
	require.NotEqual(t, first.Link, second.Link, "no process knows another one's secrets")
	require.Zero(t, d.waiting())

	id, _, err := domain.ParseMailedText(first.Link)
	require.NoError(t, err)
	require.Len(t, d.head(id).Reporter.Confirmations, 2)
	_, err = app.NewConfirm(d.Desk).Do(t.Context(), first.Link)
	require.NoError(t, err, "the first is good, too: readers' programs show one of them")
}

func TestTheSameProcessSaysTheSameAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, _ := d.visited()
	links := map[string]bool{}
	ids := map[uuid.UUID]bool{}
	d.letters.during = func(l app.VisitorLetter) { links[l.Link], ids[l.ID] = true, true }
	d.letters.err = errBroken
	require.NoError(t, app.NewRequestIssueLink(d.Desk, d.views).Do(t.Context(), app.RequestIssueLinkCommand{Email: "vera@example.org"}))
	before := len(d.head(id).Reporter.Follow)
	for range 4 {
		require.Equal(t, []app.LetterOutcome{app.LetterFailed}, outcomes(d.letters.reports()))
		d.clock.Advance(time.Hour)
	}
	require.Len(t, links, 1)
	require.Len(t, ids, 1)
	require.Len(t, d.head(id).Reporter.Follow, before+1, "tries do not drive out earlier links")
}

func TestWhatBecomesOfALetterThatFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err   error
		after time.Duration // until it is tried
		want  app.LetterOutcome
		left  int
	}{
		"refused for good":                  {fmt.Errorf("%w: no such mailbox", mail.ErrRefused), 0, app.LetterGivenUp, 0},
		"one that cannot be written":        {mail.ErrMalformed, 0, app.LetterGivenUp, 0},
		"no server":                         {mail.ErrNoServer, 0, app.LetterPut, 1},
		"no server until the outage counts": {mail.ErrNoServer, 3*day - tick, app.LetterPut, 1},
		"no server for too long":            {mail.ErrNoServer, 3 * day, app.LetterFailed, 1},
		"anything else":                     {errBroken, 0, app.LetterFailed, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			require.NoError(t, app.NewRequestIssueLink(d.Desk, d.views).Do(t.Context(), app.RequestIssueLinkCommand{Email: "vera@example.org"}))
			d.clock.Advance(c.after)
			d.letters.err = c.err
			reports := d.letters.reports()
			require.Equal(t, []app.LetterOutcome{c.want}, outcomes(reports))
			require.Equal(t, "example.org", reports[0].Domain)
			require.Equal(t, c.left, d.waiting())
			d.letters.err = nil
			again := d.letters.take()
			require.Equal(t, c.want == app.LetterPut, len(again) == 1, "what was put back is due at once")
		})
	}
}

func TestALetterIsGivenUpInTheEnd(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	require.NoError(t, app.NewRequestIssueLink(d.Desk, d.views).Do(t.Context(), app.RequestIssueLinkCommand{Email: "vera@example.org"}))
	d.letters.err = errBroken
	for n := range mail.DefaultPatience().Attempts {
		reports := d.letters.reports()
		require.Len(t, reports, 1)
		require.Equal(t, n+1, reports[0].Attempts)
		d.clock.Advance(8 * time.Hour)
	}
	require.Zero(t, d.waiting())
}

func TestWhatIsConfirmedOrGoneIsNotMailed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, link := d.visit()
	d.asks("")
	require.NoError(t, d.work.Do(t.Context(), func(ctx context.Context) error { // as if the mail had seemed to fail
		return d.parts.Letters.Add(ctx, domain.NewLetter(uuid.UUID{1}, domain.LetterConfirm, id, noon))
	}))
	_, err := app.NewConfirm(d.Desk).Do(t.Context(), link)
	require.NoError(t, err)
	reports := outcomes(d.letters.reports())
	require.ElementsMatch(t, []app.LetterOutcome{app.LetterDropped, app.LetterSent, app.LetterSent}, reports)

	d.letters.err = mail.ErrNoServer
	d.asks("")
	d.clock.Advance(domain.ConfirmLifetime)
	require.Equal(t, []app.LetterOutcome{app.LetterDropped}, outcomes(d.letters.reports()), "nobody could confirm it any more")
	require.Zero(t, d.waiting())
}

func TestAFailedCommandWritesNoLetter(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, _ := d.visited()
	require.Error(t, app.NewComment(d.Desk).Do(t.Context(), app.CommentCommand{ActCommand: by(agent, id)}), "it says nothing")
	require.Zero(t, d.waiting())
	parts := d.parts
	parts.Letters = unwritable{d.parts.Letters}
	require.ErrorIs(t, app.NewComment(app.NewDesk(parts)).Do(t.Context(), app.CommentCommand{ActCommand: by(agent, id), Text: "So."}), errBroken)
	require.NotContains(t, d.kinds(id), domain.KindCommented, "both or neither")
}

// unwritable are letters that cannot be stored.
type unwritable struct{ domain.Letters }

func (unwritable) Add(context.Context, *domain.Letter) error { return errBroken }

func TestAStopLetsALetterArrive(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.asks("")
	due, err := d.due.Due(t.Context(), noon, 1)
	require.NoError(t, err)
	ctx, stop := context.WithCancelCause(t.Context())
	d.letters.during = func(app.VisitorLetter) { stop(errors.New("the program stops")) }
	report, err := d.letters.mailing.Do(ctx, due[0])
	require.NoError(t, err)
	require.Equal(t, app.LetterSent, report.Outcome)
	require.Zero(t, d.waiting())
}
