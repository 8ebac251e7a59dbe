package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// asksForLinks asks for links and returns the letters.
func (d *desk) asksForLinks(address string) []letter {
	d.t.Helper()
	err := app.NewRequestIssueLink(d.Desk, d.views).Do(d.t.Context(), app.RequestIssueLinkCommand{Email: address, Network: "192.0.2.1"})
	require.NoError(d.t, err)
	return d.letters.take()
}

func TestAVisitorGetsHisLinksAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	require.Equal(t, []letter{{"nothing", "nobody@example.org", ""}}, d.asksForLinks("nobody@example.org"))
	d.visit() // not confirmed
	require.Equal(t, []letter{{"nothing", "vera@example.org", ""}}, d.asksForLinks("vera@example.org"))

	var want []uuid.UUID
	var first string
	for n := range 6 {
		d.clock.Advance(tick)
		id, follow := d.visited()
		want = append([]uuid.UUID{id}, want...)
		if n == 1 {
			first = follow
		}
	}
	before := d.head(want[0])
	posted := d.asksForLinks("VERA@example.org")
	require.Len(t, posted, 5, "the newest")
	for n, l := range posted {
		require.Equal(t, "again", l.kind)
		require.Equal(t, "vera@example.org", l.to, "the address as it was confirmed")
		for _, link := range []string{l.link} {
			_, err := app.NewReadIssue(d.views, d.clock).Do(t.Context(), app.Asker{Link: link}, want[n])
			require.NoError(t, err)
		}
	}
	_, err := app.NewReadIssue(d.views, d.clock).Do(t.Context(), app.Asker{Link: first}, want[4])
	require.NoError(t, err, "an earlier link stays good")
	after := d.head(want[0])
	require.Equal(t, before.Seq, after.Seq, "nothing has happened to the issue")
}

func TestTheNewestTenLinksAreGood(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, first := d.visited() // whose confirmation was one letter with another link
	read := app.NewReadIssue(d.views, d.clock)
	require.Equal(t, 10, domain.MaxFollowTokens, "what letters and the guide say")
	for n := range domain.MaxFollowTokens - 2 {
		require.Len(t, d.asksForLinks("vera@example.org"), 1)
		_, err := read.Do(t.Context(), app.Asker{Link: first}, id)
		require.NoError(t, err, "there are %d links", n+3)
	}
	eleventh := d.asksForLinks("vera@example.org")
	_, err := read.Do(t.Context(), app.Asker{Link: first}, id)
	require.ErrorIs(t, err, domain.ErrIssueNotFound, "the first of eleven")
	_, err = read.Do(t.Context(), app.Asker{Link: eleventh[0].link}, id)
	require.NoError(t, err)
}

func TestWhatIsOverIsLinkedForThirtyDays(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, _ := d.visited()
	require.NoError(t, app.NewReject(d.Desk).Do(t.Context(), app.RejectCommand{ActCommand: by(agent, id), Reason: domain.RejectedNotOurs}))
	d.letters.take()
	d.clock.Advance(30 * day)
	require.Equal(t, "again", d.asksForLinks("vera@example.org")[0].kind)
	d.clock.Advance(tick)
	require.Equal(t, "nothing", d.asksForLinks("vera@example.org")[0].kind)
}

func TestWhoeverAsksForTooManyLinksIsNotTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, _ := d.visited()
	before := d.head(id)
	d.house.counted, d.house.silent = nil, true
	require.Empty(t, d.asksForLinks("vera@example.org"))
	require.Empty(t, d.asksForLinks("nobody@example.org"))
	require.Equal(t, []string{"letter to vera@example.org from 192.0.2.1", "letter to nobody@example.org from 192.0.2.1"}, d.house.counted)
	require.Equal(t, before, d.head(id))

	u := app.NewRequestIssueLink(d.Desk, d.views)
	d.house.limited = errBroken
	require.ErrorIs(t, u.Do(t.Context(), app.RequestIssueLinkCommand{Email: "vera@example.org"}), errBroken)
	require.ErrorIs(t, u.Do(t.Context(), app.RequestIssueLinkCommand{Email: "vera"}), domain.ErrInvalidEmail)
	require.Empty(t, d.letters.take())
}
