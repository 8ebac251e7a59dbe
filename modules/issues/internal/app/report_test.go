package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/identity"
)

func TestWhatIsReportedCarriesItsEvidence(t *testing.T) {
	t.Parallel()
	position := domain.Position{Seq: 7, Hash: domain.Hash{9}}
	tests := map[string]struct {
		about app.About
		want  domain.Subject
		err   error
	}{
		"nothing in particular": {app.About{}, domain.Subject{}, nil},
		"a listing": {
			app.About{Listing: listing},
			domain.Subject{Kind: domain.SubjectListing, Listing: listing, Member: bob.ID, Position: position},
			nil,
		},
		"a bid": {
			app.About{Listing: listing, Bid: 3},
			domain.Subject{Kind: domain.SubjectBid, Listing: listing, Bid: 3, Member: cleo.ID, Position: position},
			nil,
		},
		"a member": {app.About{Member: bob.ID}, domain.Subject{Kind: domain.SubjectMember, Member: bob.ID}, nil},
		"a member in connection with a listing": {
			app.About{Listing: listing, Member: cleo.ID},
			domain.Subject{Kind: domain.SubjectMember, Listing: listing, Member: cleo.ID, Position: position},
			nil,
		},
		"a listing that there is not":     {app.About{Listing: uuid.UUID{2}}, domain.Subject{}, domain.ErrInvalidSubject},
		"an entry that is no bid":         {app.About{Listing: listing, Bid: 4}, domain.Subject{}, domain.ErrInvalidSubject},
		"a bid without a listing":         {app.About{Bid: 3}, domain.Subject{}, domain.ErrInvalidSubject},
		"a bid and a member":              {app.About{Listing: listing, Bid: 3, Member: bob.ID}, domain.Subject{}, domain.ErrInvalidSubject},
		"nobody":                          {app.About{Member: nobody}, domain.Subject{}, domain.ErrInvalidSubject},
		"nobody in connection with one":   {app.About{Listing: listing, Member: nobody}, domain.Subject{}, domain.ErrInvalidSubject},
		"a bid without listing or member": {app.About{Bid: -1}, domain.Subject{}, domain.ErrInvalidSubject},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			complaint := app.Complaint{Title: "Look", Text: "Please.", About: test.about}
			id, err := app.NewReportByMember(d.Desk).Do(t.Context(), app.ReportByMemberCommand{By: ada, Complaint: complaint})
			if test.err != nil {
				require.ErrorIs(t, err, test.err)
				require.Empty(t, d.outbox.Messages())
				return
			}
			require.NoError(t, err)
			s := d.head(id)
			require.Equal(t, test.want, s.Subject)
			require.Equal(t, domain.StateReported, s.State)
			require.Equal(t, ada.ID, s.Reporter.Member)
			require.Equal(t, noon, s.ReportedAt)
			evidence := domain.Evidence{}
			if test.about.Listing != uuid.Nil {
				evidence.Extract = "the log"
			}
			require.Equal(t, domain.Reported{Text: "Please.", Evidence: evidence}, d.timeline(id)[0].Payload)
		})
	}
}

func TestAReportIsNotMadeWithoutItsEvidence(t *testing.T) {
	t.Parallel()
	for name, about := range map[string]app.About{"a listing": {Listing: listing}, "a member": {Member: bob.ID}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.house.err = errBroken
			_, err := app.NewReportByMember(d.Desk).Do(t.Context(), app.ReportByMemberCommand{
				By: ada, Complaint: app.Complaint{Title: "Look", About: about},
			})
			require.ErrorIs(t, err, errBroken)
			require.Empty(t, d.outbox.Messages())
		})
	}
}

func TestAReportIsMadeOnceUnderItsKey(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	report := app.NewReportByMember(d.Desk)
	cmd := app.ReportByMemberCommand{By: ada, Complaint: app.Complaint{Title: "Look"}, Key: "1"}
	first, err := report.Do(t.Context(), cmd)
	require.NoError(t, err)
	again, err := report.Do(t.Context(), cmd)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, d.outbox.Messages(), 1)

	cmd.Title = "Look again"
	_, err = report.Do(t.Context(), cmd)
	require.ErrorIs(t, err, idempotency.ErrConflict)
	cmd.By = bob
	another, err := report.Do(t.Context(), cmd)
	require.NoError(t, err)
	require.NotEqual(t, first, another, "keys are each member's own")
}

func TestWhatIsNoReport(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	report := app.NewReportByMember(d.Desk)
	_, err := report.Do(t.Context(), app.ReportByMemberCommand{By: ada})
	require.ErrorIs(t, err, domain.ErrInvalidTitle)
	_, err = report.Do(t.Context(), app.ReportByMemberCommand{By: identity.Caller{}, Complaint: app.Complaint{Title: "Look"}})
	require.ErrorIs(t, err, domain.ErrInvalidReporter)
	visit := app.NewReportByVisitor(d.Desk)
	require.ErrorIs(t, visit.Do(t.Context(), app.ReportByVisitorCommand{Email: "vera@example.org"}), domain.ErrInvalidTitle)
	require.ErrorIs(t, visit.Do(t.Context(), app.ReportByVisitorCommand{
		Email: "vera", Complaint: app.Complaint{Title: "Look"},
	}), domain.ErrInvalidEmail)
	require.ErrorIs(t, visit.Do(t.Context(), app.ReportByVisitorCommand{
		Email: "vera@example.org", Complaint: app.Complaint{Title: "Look", About: app.About{Member: nobody}},
	}), domain.ErrInvalidSubject)
	require.Empty(t, d.letters.take())
	require.Empty(t, d.outbox.Messages())
}

func TestAVisitorConfirmsHisAddress(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, link := d.visit()
	require.Equal(t, domain.StateUnconfirmed, d.head(id).State)
	require.Empty(t, d.outbox.Messages(), "nobody is told before")
	read := app.NewReadIssue(d.views, d.clock)
	for _, by := range []app.Asker{{Caller: agent}, {Caller: lead}, {Link: link}, {}} {
		_, err := read.Do(t.Context(), by, id)
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
	}

	confirm := app.NewConfirm(d.Desk)
	otherID, otherLink := d.visit()
	_, secret, err := domain.ParseMailedText(link)
	require.NoError(t, err)
	for name, wrong := range map[string]string{
		"no link": "x", "another issue's secret": domain.MailedText(otherID, secret), "no such issue": domain.MailedText(uuid.UUID{5}, secret),
		"another secret": domain.MailedText(id, domain.Secret{1}),
	} {
		_, err := confirm.Do(t.Context(), wrong)
		require.ErrorIs(t, err, domain.ErrInvalidConfirmation, name)
	}

	d.clock.Advance(domain.ConfirmLifetime - tick)
	follow, err := confirm.Do(t.Context(), link)
	require.NoError(t, err)
	posted := d.letters.take()
	require.Len(t, posted, 1)
	require.Equal(t, letter{"confirmed", "vera@example.org", posted[0].link}, posted[0])
	require.Equal(t, domain.StateReported, d.head(id).State)
	require.Len(t, d.outbox.Messages(), 1)
	_, err = confirm.Do(t.Context(), link)
	require.ErrorIs(t, err, domain.ErrAlreadyConfirmed, "once is enough")
	require.Empty(t, d.letters.take(), "and brings no other letter")

	d.clock.Advance(tick)
	_, err = confirm.Do(t.Context(), otherLink)
	require.ErrorIs(t, err, domain.ErrInvalidConfirmation, "it has expired")

	r, err := read.Do(t.Context(), app.Asker{Link: follow}, id)
	require.NoError(t, err)
	require.Equal(t, domain.AudienceReporter, r.Audience)
	_, err = read.Do(t.Context(), app.Asker{Link: posted[0].link}, id)
	require.NoError(t, err, "the letter has a link of its own")
	_, err = read.Do(t.Context(), app.Asker{Link: link}, id)
	require.ErrorIs(t, err, domain.ErrIssueNotFound, "the link that confirms does not follow")
}

func TestAVisitorsReportIsMadeOnceUnderItsKey(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	cmd := app.ReportByVisitorCommand{Email: "vera@example.org", Complaint: app.Complaint{Title: "Look"}, Key: "1"}
	for range 2 {
		require.NoError(t, app.NewReportByVisitor(d.Desk).Do(t.Context(), cmd))
	}
	require.Len(t, d.letters.take(), 1)
	cmd.Title = "Look there"
	require.ErrorIs(t, app.NewReportByVisitor(d.Desk).Do(t.Context(), cmd), idempotency.ErrConflict)
	require.Empty(t, d.letters.take())

	cmd.Email = "eve@example.org"
	require.NoError(t, app.NewReportByVisitor(d.Desk).Do(t.Context(), cmd), "keys are each visitor's own")
	require.Len(t, d.letters.take(), 1)
}

func TestEveryStepOfEvidenceMayFail(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*house){
		"the extract": func(h *house) { h.extract = errBroken },
		"the bidder":  func(h *house) { h.bidder = errBroken },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			fail(d.house)
			_, err := app.NewReportByMember(d.Desk).Do(t.Context(), app.ReportByMemberCommand{
				By: ada, Complaint: app.Complaint{Title: "Look", About: app.About{Listing: listing, Bid: 3}},
			})
			require.ErrorIs(t, err, errBroken)
			require.Empty(t, d.outbox.Messages())
		})
	}
}

func TestNothingHappensWithoutSecrets(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, confirm := d.visit()
	parts := d.parts
	parts.Secrets = noSecrets{}
	without := app.NewDesk(parts)
	before := d.head(id)
	_, err := app.NewConfirm(without).Do(t.Context(), confirm)
	require.ErrorIs(t, err, errBroken)
	require.Empty(t, d.outbox.Messages())
	require.NoError(t, app.NewReportByVisitor(without).Do(t.Context(), app.ReportByVisitorCommand{
		Email: "vera@example.org", Complaint: app.Complaint{Title: "Look"},
	}))
	due, err := d.due.Due(t.Context(), noon, 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	_, err = d.mailing(without).Do(t.Context(), due[0])
	require.ErrorIs(t, err, errBroken)
	require.Equal(t, before, d.head(id))
	require.Len(t, d.letters.take(), 1, "who has secrets mails it")
}

func TestConfirmingFailsWithTheStore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, confirm := d.visit()
	parts := d.parts
	parts.Issues = failing{d.issues, []uuid.UUID{id}}
	_, err := app.NewConfirm(app.NewDesk(parts)).Do(t.Context(), confirm)
	require.ErrorIs(t, err, errBroken)
}
