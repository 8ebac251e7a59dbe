package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/issues/issuestest"
	"github.com/gavelhq/gavel/modules/profiles"
	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/httpserver/openapitest"
	"github.com/gavelhq/gavel/platform/mail"
	mailbox "github.com/gavelhq/gavel/platform/mail/memory"
	"github.com/gavelhq/gavel/platform/platformtest"
	"github.com/gavelhq/gavel/platform/uow"
)

// house is a whole program that members visit over HTTP. Its letters stay in memory, and every exchange with the API is
// held to the document that it serves.
type house struct {
	t       *testing.T
	server  *httpserver.Server
	base    string
	letters *mailbox.Mailer                               // nil for a program that runs by itself
	posted  func(address string, n int) ([]string, error) // the texts of at least n letters to an address, the oldest first
	api     *openapitest.Transport
	setup   *profiles.SetupLink
	mail    func(context.Context) error // mails the letters that wait for visitors of the help desk; nil where nothing does
	news    profilestest.Informant

	work       *uow.Work // for what no request does; nil for a program that runs by itself
	deliveries delivery.Deliveries
}

// password is everybody's.
const password = "correct horse battery"

// openHouse opens a house that closes with the test. Clients may ask as often as they like, and sign-ins are not slowed
// down; flags change other keys. Options swap parts, such as every store: inMemory().
func openHouse(t *testing.T, flags map[string]string, options ...fx.Option) *house {
	t.Helper()
	given := map[string]string{"http.rate.requests": "0", "members.sign_in.failures": "0"}
	for key, value := range flags {
		given[key] = value
	}
	h := &house{t: t, letters: mailbox.NewMailer()}
	h.posted = h.inMemory
	started(t, append([]fx.Option{
		graph(configured(t, given), quiet),
		platformtest.Swap[mail.Mailer](h.letters),
		fx.Populate(&h.server, &h.setup, &h.work, &h.deliveries),
		profilestest.Informing(&h.news),
		issuestest.Mailing(&h.mail),
	}, options...)...)
	h.at(h.server.Addr())
	return h
}

// undelivered leaves nobody to deliver events to, so that what is stored changes, and the disk is written to, only when
// somebody asks for something. It is for tests that watch that. The start fails if there was nobody anyway.
func undelivered() fx.Option {
	const group = `group:"subscribers"`
	return fx.Decorate(fx.Annotate(func(subscribers []events.Subscriber) ([]events.Subscriber, error) {
		if len(subscribers) == 0 {
			return nil, errors.New("leave nobody to deliver events to: there is nobody")
		}
		return nil, nil
	}, fx.ParamTags(group), fx.ResultTags(group)))
}

// at makes the house the one that answers at the address.
func (h *house) at(addr string) {
	h.base = "http://" + addr
	h.api = openapitest.NewTransport(func(err error) { h.t.Error(err) }, h.base, &http.Transport{MaxIdleConnsPerHost: 32})
}

// inMemory returns the texts of the letters in memory. What waits for visitors is mailed first: not every house has a clock
// by which it would be.
func (h *house) inMemory(address string, n int) ([]string, error) {
	if h.mail != nil {
		if err := h.mail(h.t.Context()); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	letters, err := h.letters.Await(ctx, address, n)
	texts := make([]string, len(letters))
	for i, letter := range letters {
		texts[i] = letter.Text
	}
	return texts, err
}

// visitor is a browser or a program, and who uses it.
type visitor struct {
	h      *house
	client *http.Client
	token  string // shown as a bearer token, if there is one

	id            uuid.UUID
	email, handle string
}

// guest is a browser without cookies.
func (h *house) guest() *visitor {
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	return &visitor{h: h, client: &http.Client{
		Transport:     h.api,
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// admin sets the house up and returns its first admin, signed in.
func (h *house) admin() *visitor {
	h.t.Helper()
	v := h.guest()
	v.email, v.handle = "root@example.org", "founder"
	link, ok, err := h.setup.Draw(h.t.Context(), h.base)
	require.NoError(h.t, err)
	require.True(h.t, ok, "the house has an admin already")
	page, token, found := strings.Cut(strings.TrimPrefix(link, h.base), "?token=")
	require.True(h.t, found, "the setup link has no token")
	v.get(page + "?token=" + token).is(http.StatusOK)
	v.post("/api/v1/setup", fields{"token": token, "email": v.email, "handle": v.handle, "password": password}).is(http.StatusCreated)
	v.id = v.get("/api/v1/me").is(http.StatusOK).id("id")
	return v
}

// member registers somebody, verifies the address with the link from the letter, and signs in.
func (h *house) member(handle string) *visitor {
	h.t.Helper()
	v := h.registered(handle)
	v.post("/api/v1/email-verifications/confirm", fields{"token": h.mailed(v.email, "/verify")}).is(http.StatusNoContent)
	v.signIn()
	v.id = v.get("/api/v1/me").is(http.StatusOK).id("id")
	return v
}

// registered registers somebody whose address is not verified.
func (h *house) registered(handle string) *visitor {
	h.t.Helper()
	v := h.guest()
	v.email, v.handle = handle+"@example.org", handle
	v.post("/api/v1/members", fields{"email": v.email, "handle": handle, "password": password}).is(http.StatusAccepted)
	return v
}

func (v *visitor) signIn() {
	v.h.t.Helper()
	v.post("/api/v1/sessions", fields{"email": v.email, "password": password}).is(http.StatusCreated)
}

// program returns a program of the member's, with a token for the scopes.
func (v *visitor) program(scopes ...string) *visitor {
	v.h.t.Helper()
	made := v.post("/api/v1/me/tokens", fields{"name": "a program", "scopes": scopes}).is(http.StatusCreated)
	p := *v.h.guest()
	p.token, p.id, p.email, p.handle = made.text("text"), v.id, v.email, v.handle
	return &p
}

// tokenInLink finds the token in a link of a letter.
var tokenInLink = regexp.MustCompile(`https?://[^/\s]+(/[a-z/-]+)\?(?:token|invitation)=([A-Za-z0-9_-]+)`)

// mailed returns the token of the newest letter to the address whose link leads to the page.
func (h *house) mailed(address, page string) string {
	h.t.Helper()
	for n := 1; ; n++ {
		letters, err := h.posted(address, n)
		require.NoError(h.t, err, "no letter to %s with a link to %s", address, page)
		for _, text := range slices.Backward(letters) {
			if found := tokenInLink.FindStringSubmatch(text); found != nil && found[1] == page {
				return found[2]
			}
		}
		n = max(n, len(letters))
	}
}

// fields are the body of a request.
type fields map[string]any

// usd is an amount in the house's currency.
func usd(amount string) fields { return fields{"amount": amount, "currency": "USD"} }

// reply is an answer, read to its end.
type reply struct {
	h       *house
	request string
	status  int
	header  http.Header
	body    []byte
}

func (v *visitor) get(path string, headers ...string) reply {
	v.h.t.Helper()
	return v.send(http.MethodGet, path, nil, headers...)
}

func (v *visitor) post(path string, body fields, headers ...string) reply {
	v.h.t.Helper()
	return v.send(http.MethodPost, path, body, headers...)
}

func (v *visitor) put(path string, body fields, headers ...string) reply {
	v.h.t.Helper()
	return v.send(http.MethodPut, path, body, headers...)
}

func (v *visitor) delete(path string, headers ...string) reply {
	v.h.t.Helper()
	return v.send(http.MethodDelete, path, nil, headers...)
}

// send makes a request; headers are names and values in turn.
func (v *visitor) send(method, path string, body fields, headers ...string) reply {
	v.h.t.Helper()
	r, err := v.try(method, path, body, headers...)
	require.NoError(v.h.t, err)
	return r
}

// try is send for goroutines, which must not end the test.
func (v *visitor) try(method, path string, body fields, headers ...string) (reply, error) {
	var sent io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return reply{}, err
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(v.h.t.Context(), method, v.h.base+path, sent)
	if err != nil {
		return reply{}, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if v.token != "" {
		request.Header.Set("Authorization", "Bearer "+v.token)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := v.client.Do(request)
	if err != nil {
		return reply{}, err
	}
	got, err := io.ReadAll(response.Body)
	if closing := response.Body.Close(); err == nil {
		err = closing
	}
	return reply{h: v.h, request: method + " " + path, status: response.StatusCode, header: response.Header, body: got}, err
}

// is requires the status.
func (r reply) is(status int) reply {
	r.h.t.Helper()
	require.Equal(r.h.t, status, r.status, "%s: %s", r.request, r.body)
	return r
}

// refused requires a problem with the status and code.
func (r reply) refused(status int, code string) reply {
	r.h.t.Helper()
	r.is(status)
	require.Equal(r.h.t, "application/problem+json", r.header.Get("Content-Type"), r.request)
	require.Equal(r.h.t, code, r.text("code"), "%s: %s", r.request, r.body)
	return r
}

// value returns what is at the path of keys in the body, nil if there is nothing.
func (r reply) value(path ...string) any {
	r.h.t.Helper()
	var at any
	require.NoError(r.h.t, json.Unmarshal(r.body, &at), "%s: %s", r.request, r.body)
	for _, key := range path {
		object, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = object[key]
	}
	return at
}

// text returns a text in the body.
func (r reply) text(path ...string) string {
	r.h.t.Helper()
	text, ok := r.value(path...).(string)
	require.True(r.h.t, ok, "%s has no text at %s: %s", r.request, strings.Join(path, "."), r.body)
	return text
}

// id returns an id in the body.
func (r reply) id(path ...string) uuid.UUID {
	r.h.t.Helper()
	id, err := uuid.Parse(r.text(path...))
	require.NoError(r.h.t, err)
	return id
}

// items returns the list in the body.
func (r reply) items() []any {
	r.h.t.Helper()
	list, ok := r.value("items").([]any)
	require.True(r.h.t, ok, "%s is no list: %s", r.request, r.body)
	return list
}

// sell publishes a listing of the member's that starts now and lasts a week; content changes or adds fields.
func (v *visitor) sell(content fields) string {
	v.h.t.Helper()
	body := fields{"title": "A box of books", "start_price": usd("1.00"), "duration_seconds": 7 * 24 * 3600}
	for name, value := range content {
		body[name] = value
	}
	id := v.post("/api/v1/listings", body).is(http.StatusCreated).text("id")
	v.post(fmt.Sprintf("/api/v1/listings/%s/publish", id), nil).is(http.StatusOK)
	return id
}

// bid bids on a listing.
func (v *visitor) bid(listing, amount string, headers ...string) reply {
	v.h.t.Helper()
	return v.post("/api/v1/listings/"+listing+"/bids", fields{"maximum": usd(amount)}, headers...)
}
