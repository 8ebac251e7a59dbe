package app_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/events"
)

// saleEvent is what listings publish about Cleo's purchase of Bob's listing.
func saleEvent(t *testing.T, kind string, overdue bool) events.Message {
	t.Helper()
	e := listingsapi.SaleEvent{
		ListingID: listing, Title: "A chair", SellerID: bob.ID, BuyerID: cleo.ID, Seq: 3, At: noon, Price: "20.00", Currency: "USD",
		SoldAt: noon.Add(-10 * day), PayBy: noon.Add(-3 * day),
	}
	if overdue {
		e.OverdueAt = &e.At
	}
	payload, err := json.Marshal(e)
	require.NoError(t, err)
	return events.Message{Kind: kind, Payload: payload}
}

// sold delivers what listings publish about a sale, as a server does.
func (d *desk) sold(m events.Message) error {
	handle, err := app.NewReportNonPayment(d.Desk).Prepare(d.t.Context(), m)
	if err != nil {
		return err
	}
	return d.work.Do(d.t.Context(), handle)
}

func TestWhatIsOverdueBecomesAnIssueOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	hear := d.sold
	overdue, paid := saleEvent(t, listingsapi.KindSaleOverdue, true), saleEvent(t, listingsapi.KindSalePaid, true)
	require.NoError(t, hear(paid), "paid before anybody heard that it was not")
	for range 3 {
		require.NoError(t, hear(overdue))
	}
	id := uuid.NewSHA1(listing, []byte("non-payment"))
	head := d.head(id)
	require.Equal(t, bob.ID, head.Reporter.Member, "for the seller")
	require.Equal(t, domain.Subject{
		Kind: domain.SubjectMember, Listing: listing, Member: cleo.ID, Position: head.Subject.Position,
	}, head.Subject, "about the buyer")
	require.NotZero(t, head.Subject.Position.Seq, "with evidence")
	require.Equal(t, "Not paid: A chair", head.Title)
	require.Equal(t, domain.StateReported, head.State)
	before := d.kinds(id)

	require.NoError(t, hear(saleEvent(t, listingsapi.KindSalePaid, false)), "of a sale that never was overdue")
	require.Equal(t, before, d.kinds(id))
	require.NoError(t, hear(paid))
	require.Len(t, d.kinds(id), len(before)+1)
	told := d.timeline(id)[len(before)]
	require.Equal(t, domain.KindCommented, told.Kind())
	require.Equal(t, domain.RoleHouse, told.Role, "it was not the seller who said so")
	require.Zero(t, told.Actor)

	d.clock.Advance(time.Hour)
	require.NoError(t, app.NewReject(d.Desk).Do(t.Context(), app.RejectCommand{
		ActCommand: by(agent, id), Reason: domain.RejectedNotOurs,
	}))
	require.NoError(t, hear(paid), "when the issue is over")
	require.NoError(t, hear(overdue))
	require.Equal(t, domain.StateRejected, d.head(id).State)
}

func TestAnEventThatSaysTooLittleIsNoIssue(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, payload := range []string{"", "{}", `{"listing_id": "` + listing.String() + `"}`} {
		require.Error(t, d.sold(events.Message{Kind: listingsapi.KindSaleOverdue, Payload: []byte(payload)}), payload)
	}
	require.Empty(t, d.outbox.Messages())
}

func TestAPaymentEndsTheWaitingForTheSeller(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	require.NoError(t, d.sold(saleEvent(t, listingsapi.KindSaleOverdue, true)))
	id := d.picked(uuid.NewSHA1(listing, []byte("non-payment")))
	wait := func(awaited domain.AwaitedParty) {
		require.NoError(t, app.NewWait(d.Desk).Do(t.Context(), app.WaitCommand{ActCommand: by(agent, id), Awaited: awaited}))
		require.NoError(t, d.sold(saleEvent(t, listingsapi.KindSalePaid, true)))
	}
	wait(domain.AwaitedReporter)
	require.Equal(t, domain.StateAssigned, d.head(id).State)
	require.Zero(t, d.head(id).Clocks.RespondedAt, "it is no answer of staff's")
	wait(domain.AwaitedThirdParty)
	require.Equal(t, domain.StateWaiting, d.head(id).State)
}

func TestAPaymentThatIsTakenBackReopensTheIssue(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	hear := func(kind string, overdue bool) {
		t.Helper()
		require.NoError(t, d.sold(saleEvent(t, kind, overdue)))
	}
	last := func(id uuid.UUID) domain.EventKind {
		timeline := d.timeline(id)
		e := timeline[len(timeline)-1]
		require.Equal(t, domain.RoleHouse, e.Role)
		return e.Kind()
	}
	id := uuid.NewSHA1(listing, []byte("non-payment"))
	hear(listingsapi.KindSaleUnpaid, true) // before there is an issue
	hear(listingsapi.KindSaleOverdue, true)
	hear(listingsapi.KindSaleUnpaid, true)
	require.Equal(t, domain.KindCommented, last(id))
	require.Equal(t, domain.StateReported, d.head(id).State, "what is not resolved goes on")

	d.resolved(id)
	before := len(d.kinds(id))
	hear(listingsapi.KindSaleUnpaid, false)
	require.Len(t, d.kinds(id), before, "of a sale that never was overdue")
	hear(listingsapi.KindSaleUnpaid, true)
	require.Equal(t, domain.StateAssigned, d.head(id).State)
	require.Equal(t, domain.KindReopened, last(id))

	require.NoError(t, app.NewReject(d.Desk).Do(t.Context(), app.RejectCommand{
		ActCommand: by(agent, id), Reason: domain.RejectedNotOurs,
	}))
	hear(listingsapi.KindSaleUnpaid, true)
	require.Equal(t, domain.StateRejected, d.head(id).State, "what is over stays")
}

// nonPayment is the id of the issue about a sale, or of the one after an issue that has closed.
func nonPayment(before uuid.UUID) uuid.UUID { return uuid.NewSHA1(before, []byte("non-payment")) }

// isNone requires that there is no such issue.
func (d *desk) isNone(id uuid.UUID, why string) {
	d.t.Helper()
	require.ErrorIs(d.t, d.work.Do(d.t.Context(), func(ctx context.Context) error {
		_, err := d.issues.Get(ctx, id)
		return err
	}), domain.ErrIssueNotFound, why)
}

func TestAPaymentThatIsTakenBackAfterTheIssueHasClosedIsReportedAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	hear := func(kind string) {
		t.Helper()
		m := saleEvent(t, kind, true)
		var e listingsapi.SaleEvent
		require.NoError(t, json.Unmarshal(m.Payload, &e))
		e.At = d.clock.Now()
		payload, err := json.Marshal(e)
		require.NoError(t, err)
		for range 2 {
			require.NoError(t, d.sold(events.Message{Kind: kind, Payload: payload}))
		}
	}
	issues := []uuid.UUID{nonPayment(listing)}
	hear(listingsapi.KindSaleOverdue)
	for range 2 {
		last := issues[len(issues)-1]
		d.resolved(last)
		d.clock.Advance(domain.CloseAfter - time.Microsecond)
		require.NotEqual(t, domain.StateClosed, d.head(last).State)
		d.clock.Advance(2 * time.Microsecond)
		before := len(d.kinds(last))
		hear(listingsapi.KindSaleUnpaid)
		next := nonPayment(last)
		head := d.head(next)
		require.Equal(t, domain.StateReported, head.State, "staff are to look at it again")
		require.Equal(t, "Not paid: A chair", head.Title)
		require.Equal(t, bob.ID, head.Reporter.Member)
		require.Equal(t, cleo.ID, head.Subject.Member)
		d.isNone(nonPayment(next), "one is enough")
		require.Len(t, d.timeline(last), before, "what is closed stays")
		issues = append(issues, next)
	}
	before := len(d.timeline(issues[2]))
	hear(listingsapi.KindSalePaid)
	require.Greater(t, len(d.timeline(issues[2])), before, "told in the last one")

	require.NoError(t, app.NewReject(d.Desk).Do(t.Context(), app.RejectCommand{
		ActCommand: by(agent, issues[2]), Reason: domain.RejectedNotOurs,
	}))
	hear(listingsapi.KindSaleUnpaid)
	require.Equal(t, domain.StateRejected, d.head(issues[2]).State, "what staff have turned down stays so")
}
