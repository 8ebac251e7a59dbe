package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/platformtest/canary"
)

// nearMiss is a secret at a place beside one where it may be. Nothing is ever there; the test plants it, to see that it would
// be found.
type nearMiss struct{ secret, text, channel, place string }

// desk is the help desk of a story, and who comes to it.
type desk struct {
	*story
	iris, otto *visitor // an agent and a lead
	wanda      *visitor // a member, of whom nobody but the help desk knows that she has reported ben
}

// never says that the secret must not be at that place either.
func (s *story) never(secret, text, channel, place string) {
	s.misses = append(s.misses, nearMiss{secret, text, channel, place})
}

// says draws what somebody writes. The tables keep it; the readers are answered it.
func (s *story) says(kind string, readers []*visitor, tables ...string) (name, text string) {
	s.drawn++
	name, text = fmt.Sprintf("%s %d", kind, s.drawn), fmt.Sprintf("%d kestrels on a wall of the harbour", 817_302_640+s.drawn)
	s.scanner.Watch(canary.Text(name, text))
	for _, table := range tables {
		s.scanner.Permit(name, inTables, table)
	}
	s.scanner.Permit(name, inFiles, "") // of the database
	s.scanner.PermitWhere(name, inAnswers, answersTo(readers...))
	return name, text
}

// answersTo are all answers that these get.
func answersTo(readers ...*visitor) func(place string) bool {
	return func(place string) bool {
		place, _, _ = strings.Cut(place, " with cookies,")
		return slices.ContainsFunc(readers, func(v *visitor) bool { return strings.HasSuffix(place, " to "+v.handle) })
	}
}

// lettersTo are all letters to these.
func lettersTo(readers ...*visitor) func(place string) bool {
	return func(place string) bool {
		return slices.ContainsFunc(readers, func(v *visitor) bool { return strings.HasSuffix(place, " to "+v.email) })
	}
}

// helps plays what happens at the help desk, and what members settle between themselves.
func (s *story) helps() {
	s.t.Helper()
	d := &desk{story: s, iris: s.joins("iris"), otto: s.joins("otto"), wanda: s.joins("wanda-the-witness")}
	for role, v := range map[string]*visitor{"agent": d.iris, "lead": d.otto} {
		reason, text := s.says("reason of a role", []*visitor{s.root}, "audit_log")
		s.scanner.Expect(reason, inAnswers, place(http.MethodGet, "/api/v1/audit", s.root.handle))
		s.never(reason, text, inAnswers, place(http.MethodGet, "/api/v1/me", v.handle))
		s.root.post("/api/v1/members/"+v.id.String()+"/grant-role", fields{"role": role, "reason": text}).is(http.StatusNoContent)
	}
	d.reports()
	d.visits()
	d.watches()
	d.settles()
	d.unsubscribes()
	if s.work != nil {
		d.putsAside()
	}
	for _, v := range []*visitor{d.iris, d.otto, d.wanda} {
		s.reads(v, d.paths())
	}
	s.desk = d.paths()
}

// reads asks for each path.
func (s *story) reads(v *visitor, paths []string) {
	s.t.Helper()
	for _, path := range paths {
		v.get(path)
	}
}

// paths are what there is to read about all that.
func (d *desk) paths() []string {
	paths := []string{
		issuesPath, issuesPath + "?view=queue", issuesPath + "?view=unassigned", issuesPath + "/categories", "/api/v1/me/watches",
		"/api/v1/sales?as=buyer", "/api/v1/sales?as=seller", "/api/v1/subscriptions", "/api/v1/deliveries", "/api/v1/me/notices",
		"/api/v1/me/settings", "/api/v1/listings?q=books",
	}
	for _, id := range d.issues {
		paths = append(paths, issuesPath+"/"+id, issuesPath+"/"+id+"/timeline", issuesPath+"/"+id+"/evidence")
	}
	for _, id := range d.sold {
		paths = append(paths, "/api/v1/sales/"+id)
	}
	return paths
}

// hides makes who wanda is a secret: her own answers and letters have it, the help desk's, and an admin's. What is told to
// other modules is that she has joined.
func (d *desk) hides() {
	d.t.Helper()
	for name, text := range map[string]string{"the reporter's id": d.wanda.id.String(), "the reporter's handle": d.wanda.handle} {
		d.scanner.Watch(canary.Text(name, text))
		d.scanner.Permit(name, inTables, "")
		d.scanner.Permit(name, inFiles, "")
		d.scanner.PermitWhere(name, inAnswers, answersTo(d.wanda, d.iris, d.otto, d.root))
		d.scanner.Permit(name, inAnswers, place(http.MethodGet, "/api/v1/members", d.mod.handle))
		d.scanner.PermitWhere(name, inLetters, lettersTo(d.wanda))
		d.scanner.Permit(name, inOutput, "user list") // of who runs the server
		for _, channel := range []string{inOutbox, inNATS} {
			d.scanner.PermitWhere(name, channel, func(kind string) bool { return strings.HasPrefix(kind, "profiles.") })
		}
		d.never(name, text, inOutbox, "issues.reported.v1")
		d.never(name, text, inNATS, "issues.reported.v1")
		d.never(name, text, inAnswers, place(http.MethodGet, "/api/v1/me/notices", d.ben.handle))
	}
}

// reports lets wanda report ben, whom nobody tells, and ann take part, whom nobody tells who has.
func (d *desk) reports() {
	d.t.Helper()
	d.hides()
	listing := d.sells(nil)
	d.ben.bid(listing, d.maximum(d.ben, listing)).is(http.StatusOK)
	bid := d.wanda.get("/api/v1/listings/" + listing + "/bids").is(http.StatusOK).items()[0].(map[string]any)["seq"]

	staff := []*visitor{d.iris, d.otto, d.root}
	public := append([]*visitor{d.wanda, d.ann}, staff...)
	title, titleText := d.says("title", public, "issues", "notices")
	said, saidText := d.says("report", public, "issue_events")
	note, noteText := d.says("note", staff, "issue_events")
	answer, answerText := d.says("resolution", public, "issue_events")
	d.scanner.PermitWhere(title, inLetters, lettersTo(d.wanda, d.ann, d.iris, d.otto))
	d.scanner.Expect(title, inAnswers, place(http.MethodGet, "/api/v1/me/notices", d.wanda.handle))

	id := d.wanda.post(issuesPath, fields{
		"title": titleText, "text": saidText, "about": fields{"listing_id": listing, "bid": bid},
	}).is(http.StatusCreated).text("id")
	at := issuesPath + "/" + id
	d.issues = append(d.issues, id)
	for name, text := range map[string]string{title: titleText, said: saidText, note: noteText, answer: answerText} {
		d.never(name, text, inAnswers, place(http.MethodGet, at, d.ben.handle))
		d.never(name, text, inOutbox, "issues.commented.v1")
		d.never(name, text, inNATS, "issues.commented.v1")
	}
	for _, name := range []string{said, note, answer} {
		d.scanner.Expect(name, inAnswers, place(http.MethodGet, at+"/timeline", d.otto.handle))
	}
	d.never(note, noteText, inAnswers, place(http.MethodGet, at+"/timeline", d.wanda.handle))
	d.never(note, noteText, inTables, "notices")
	d.never(title, titleText, inLetters, "the text of letter 1 to "+d.ben.email)
	d.never("the reporter's id", d.wanda.id.String(), inAnswers, place(http.MethodGet, at+"/timeline", d.ann.handle))

	d.iris.post(at+"/participants", fields{"member_id": d.ann.id}).is(http.StatusOK)
	d.iris.post(at+"/triage", asUrgent).is(http.StatusOK)
	d.iris.post(at+"/pick", nil).is(http.StatusOK)
	d.iris.post(at+"/notes", fields{"text": noteText}).is(http.StatusOK)
	d.ann.post(at+"/comments", hello).is(http.StatusOK)
	d.ben.post(at+"/comments", hello).is(http.StatusNotFound)
	d.iris.post(at+"/resolve", fields{"resolution": "no_action", "text": answerText}).is(http.StatusOK)
	d.rejects()
}

// rejects lets the help desk say why it does not go on with something, which who reported it reads, and nobody is mailed.
func (d *desk) rejects() {
	d.t.Helper()
	id := d.wanda.post(issuesPath, fields{"title": "Ben again", "about": fields{"member_id": d.ben.id}}).is(http.StatusCreated).text("id")
	at := issuesPath + "/" + id
	d.issues = append(d.issues, id)
	reason, text := d.says("reason of a rejection", []*visitor{d.wanda, d.iris, d.otto, d.root}, "issue_events")
	d.scanner.Expect(reason, inAnswers, place(http.MethodGet, at+"/timeline", d.wanda.handle))
	d.never(reason, text, inAnswers, place(http.MethodGet, at+"/timeline", d.ann.handle))
	d.never(reason, text, inTables, "notices")
	d.never(reason, text, inLetters, "the text of letter 1 to "+d.wanda.email)
	d.iris.post(at+"/reject", fields{"reason": "not_ours", "text": text}).is(http.StatusOK)
}

// visits lets somebody without an account report something.
func (d *desk) visits() {
	d.t.Helper()
	vera := d.browser("vera")
	d.drawn++
	vera.email = fmt.Sprintf("vera-the-visitor-%d@example.org", 4_410_992+d.drawn)
	const address = "the visitor's address"
	d.scanner.Watch(canary.Text(address, vera.email))
	d.scanner.Permit(address, inTables, "issues")
	d.scanner.Permit(address, inFiles, "")
	d.scanner.PermitWhere(address, inAnswers, answersTo(vera, d.iris, d.otto, d.root))

	asked := fields{"title": "Do you send pianos?", "text": "The page says nothing about it.", "email": vera.email}
	for range 2 {
		vera.post(issuesPath, asked, "Idempotency-Key", "pianos").is(http.StatusAccepted)
	}
	vera.post(issuesPath+"/confirmations", fields{"token": d.guessed("token")}).is(http.StatusConflict)
	token := d.mailed(vera.email, "/issues/confirm")
	vera.get("/issues/confirm?token=" + token)
	confirmed := vera.post(issuesPath+"/confirmations", fields{"token": token}).is(http.StatusOK)
	vera.post(issuesPath+"/confirmations", fields{"token": token}).is(http.StatusConflict)
	link, id := confirmed.text("issue_link"), confirmed.text("issue_id")
	d.scanner.Watch(canary.Text(mailedSecret(link), link), canary.Text(mailedSecret(token), token))
	d.scanner.Expect(mailedSecret(link), inAnswers, place(http.MethodPost, issuesPath+"/confirmations", vera.handle))

	at := issuesPath + "/" + id
	d.issues = append(d.issues, id)
	d.scanner.Expect(address, inAnswers, place(http.MethodGet, at, d.otto.handle))
	d.never(address, vera.email, inAnswers, place(http.MethodGet, at, d.mod.handle))
	d.never(address, vera.email, inOutbox, "issues.reported.v1")
	d.never(address, vera.email, inLog, "the log")
	d.never(mailedSecret(token), token, inTables, "issues")
	d.never(mailedSecret(token), token, inTables, "issue_letters")
	d.never(mailedSecret(link), link, inAnswers, place(http.MethodGet, at, d.iris.handle))
	for _, path := range []string{at, at + "/timeline"} {
		vera.get(path, "Issue-Link", link).is(http.StatusOK)
		vera.get(path, "Issue-Link", d.guessed("link")).is(http.StatusNotFound)
	}
	vera.get("/issues/follow?token=" + link)
	vera.post(at+"/comments", hello, "Issue-Link", link).is(http.StatusOK)
	d.writesAgain(vera, at)
}

// writesAgain lets the visitor ask for another link, and a stranger for one to nothing, which waits in a table with his address.
func (d *desk) writesAgain(vera *visitor, at string) {
	d.t.Helper()
	vera.post("/api/v1/issue-links", fields{"email": vera.email}).is(http.StatusAccepted)
	again := d.mailed(vera.email, "/issues/follow")
	d.scanner.Watch(canary.Text(mailedSecret(again), again))
	vera.get(at, "Issue-Link", again).is(http.StatusOK)
	d.never(mailedSecret(again), again, inTables, "issue_letters")
	d.never(mailedSecret(again), again, inLog, "the log")

	d.drawn++
	stranger, address := fmt.Sprintf("stranger-%d@example.org", 7_220_184+d.drawn), "an address without reports"
	d.scanner.Watch(canary.Text(address, stranger))
	d.scanner.Permit(address, inTables, "issue_letters")
	d.scanner.Permit(address, inFiles, "") // of the database
	d.scanner.PermitWhere(address, inLetters, lettersTo(&visitor{email: stranger}))
	d.never(address, stranger, inLog, "the log")
	d.never(address, stranger, inTables, "issues")
	vera.post("/api/v1/issue-links", fields{"email": stranger}).is(http.StatusAccepted)
}

// watches lets wanda have her eye on something, which nobody learns: neither from it nor from a list.
func (d *desk) watches() {
	d.t.Helper()
	listing := d.sells(nil)
	d.wanda.put("/api/v1/listings/"+listing+"/watch", nil).is(http.StatusOK)
	const watched, list = "what the reporter watches", "/api/v1/me/watches"
	d.scanner.Watch(canary.Text(watched, listing))
	for _, channel := range []string{inLog, inOutbox, inNATS, inTables, inFiles, inLetters, inOutput, inProfiles, inTraces} {
		d.scanner.Permit(watched, channel, "")
	}
	d.scanner.PermitWhere(watched, inAnswers, func(place string) bool {
		return !strings.HasPrefix(place, "GET "+list+" ") || answersTo(d.wanda)(place)
	})
	d.scanner.Expect(watched, inAnswers, place(http.MethodGet, list, d.wanda.handle))
	d.never(watched, listing, inAnswers, place(http.MethodGet, list, d.seller.handle))
	d.never("the reporter's id", d.wanda.id.String(), inAnswers, place(http.MethodGet, "/api/v1/listings/"+listing, d.seller.handle))
}

// settles lets ann buy of sally: each learns how to reach the other one, and nobody else does.
func (d *desk) settles() {
	d.t.Helper()
	listing := d.sells(fields{"buy_now": usd("5.00")})
	d.sold = append(d.sold, listing)
	at := "/api/v1/sales/" + listing
	for v, other := range map[*visitor]*visitor{d.ann: d.seller, d.seller: d.ann} {
		contact := "contact of " + v.handle
		d.scanner.Watch(canary.Text(contact, v.email))
		for _, table := range []string{"accounts", "invitations"} {
			d.scanner.Permit(contact, inTables, table)
		}
		d.scanner.Permit(contact, inFiles, "")
		d.scanner.PermitWhere(contact, inLetters, lettersTo(v))
		d.scanner.Permit(contact, inOutput, "user list")
		d.scanner.PermitWhere(contact, inAnswers, answersTo(v, d.root))
		for _, account := range []string{"/api/v1/members", "/api/v1/members/" + v.id.String()} { // moderators see accounts
			d.scanner.Permit(contact, inAnswers, place(http.MethodGet, account, d.mod.handle))
		}
		for _, sheet := range []string{"winners", "dues"} { // who sees that buyers pay needs to reach them
			for _, path := range []string{"/api/v1/sheets/" + sheet + ".csv", "/sheets/" + sheet} {
				d.scanner.Permit("contact of "+d.ann.handle, inAnswers, place(http.MethodGet, path, d.mod.handle))
			}
		}
		d.never(contact, v.email, inAnswers, place(http.MethodGet, "/api/v1/sheets/winners.csv", d.iris.handle))
		d.scanner.PermitWhere(contact, inAnswers, func(place string) bool {
			return strings.Contains(place, " /api/v1/sales") && answersTo(other)(place)
		})
		d.scanner.Expect(contact, inAnswers, place(http.MethodGet, at, other.handle))
		if v == d.seller { // of whom ben has bought, too
			d.scanner.Permit(contact, inAnswers, place(http.MethodGet, "/api/v1/sales", d.ben.handle))
		}
		for _, stranger := range []*visitor{d.ben, d.mod} {
			d.never(contact, v.email, inAnswers, place(http.MethodGet, at, stranger.handle))
		}
		d.never(contact, v.email, inAnswers, place(http.MethodGet, "/api/v1/listings/"+listing, other.handle))
		d.never(contact, v.email, inTables, "listing_sales")
		d.never(contact, v.email, inOutbox, "listings.sold.v1")
	}
	d.ann.post("/api/v1/listings/"+listing+"/buy-now", nil).is(http.StatusOK)
	d.seller.post(at+"/paid", nil).is(http.StatusOK)
	d.ann.post(at+"/received", nil).is(http.StatusOK)
	d.ben.post(at+"/paid", nil).is(http.StatusNotFound)
}

// unsubscribes ends letters to wanda by the link in one of them.
func (d *desk) unsubscribes() {
	d.t.Helper()
	token := d.mailed(d.wanda.email, "/unsubscribe")
	name := mailedSecret(token)
	stranger := d.browser("stranger")
	page := place(http.MethodGet, "/unsubscribe", stranger.handle)
	d.scanner.Watch(canary.Text(name, token))
	d.scanner.Expect(name, inAnswers, page) // in its form
	// The link names its member, and the page repeats it to whoever has the link.
	d.scanner.Permit("the reporter's id", inAnswers, page)
	d.scanner.PermitWhere("the reporter's id", inLetters, lettersTo(d.wanda))
	d.never(name, token, inAnswers, place(http.MethodGet, "/api/v1/me/notices", d.wanda.handle))
	d.never(name, token, inTables, "notices")
	d.never(name, token, inLog, "the log")
	stranger.get("/unsubscribe?token=" + token).is(http.StatusOK)
	d.drawn++
	guessed := fmt.Sprintf("unsubscription-guessed-%d-5550192837465", 400+d.drawn)
	d.scanner.Watch(canary.Text("guessed unsubscription", guessed))
	d.scanner.Expect("guessed unsubscription", inAnswers, place(http.MethodPost, "/unsubscribe", stranger.handle)) // the form again
	stranger.raw(http.MethodPost, "/unsubscribe?token="+guessed, formType, formOf("List-Unsubscribe", "One-Click"))
	stranger.raw(http.MethodPost, "/unsubscribe?token="+token, formType, formOf("List-Unsubscribe", "One-Click")).is(http.StatusOK)
}

// putsAside leaves a dead letter to those who run the house: they see why it was not delivered, and not what it says.
func (d *desk) putsAside() {
	d.t.Helper()
	failure, failureText := d.says("failure of a subscriber", []*visitor{d.root}, "event_deliveries")
	stack, stackText := d.says("stack of a subscriber", nil, "event_deliveries")
	payload, payloadText := d.says("payload of a dead letter", nil, "event_deliveries")
	const path = "/api/v1/deliveries"
	d.scanner.Expect(failure, inAnswers, place(http.MethodGet, path, d.root.handle))
	d.never(failure, failureText, inAnswers, place(http.MethodGet, path, d.mod.handle))
	d.never(stack, stackText, inAnswers, place(http.MethodGet, path, d.root.handle))
	d.never(payload, payloadText, inAnswers, place(http.MethodGet, path, d.root.handle))
	letter := delivery.PutAside(formerSubscriber, events.Numbered{Number: 1 + int64(uuid.New().ID()), Message: events.Message{
		ID: uuid.New(), Kind: "listings.closed.v1", Aggregate: uuid.New(), Seq: 3, At: noon, Payload: fmt.Appendf(nil, `{"said":%q}`, payloadText),
	}}, noon)
	letter.Fail(errors.New(failureText+"\n"+stackText), delivery.Patience{Attempts: 1}, noon)
	require.NoError(d.t, d.work.Do(d.t.Context(), func(ctx context.Context) error { return d.deliveries.Add(ctx, letter) }))
}

// plantsNearMisses puts each secret of the help desk where it may not be, and requires that it is found there, and nowhere
// else.
func (s *story) plantsNearMisses() {
	s.t.Helper()
	found := 0
	for _, miss := range s.misses {
		blank := s.scanner.Blank()
		blank.Capture(miss.channel, miss.place, []byte("<p>"+miss.text+"</p>"))
		report, err := blank.Scan()
		require.NoError(s.t, err)
		caught := slices.ContainsFunc(report.Leaks, func(l canary.Sight) bool { return l.Secret == miss.secret })
		require.True(s.t, caught, "%s would not be found in %s, %s", miss.secret, miss.channel, miss.place)
		found++
	}
	require.NotEmpty(s.t, s.misses)
	s.t.Logf("%d of %d leaks to the wrong reader found", found, len(s.misses))
}
