package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/httpserver/openapitest/malform"
	"github.com/gavelhq/gavel/platform/identity"
)

// Of the requests that the API gets, so many at least are let in: those that break where nobody looks any more prove
// little. And every operation gets so many when it is soaked.
const (
	leastLetIn        = 0.6
	leastPerOperation = 200
)

// TestMalformedRequests sends requests that the served document made and that were broken then, TEST_FUZZ_REQUESTS of them
// (400 unless it is set), half of them to a house on SQLite and half to one on PostgreSQL: as member and as admin, with
// cookies and with tokens, to every operation. Whatever it is sent, the house never fails, always answers, answers as the
// document says, tells nothing of its insides, and does not grow.
//
// TEST_FUZZ_SEED (1 unless it is set) decides what is broken and how. Passwords are hashed in no time, or it would mostly measure Argon2.
//
//nolint:paralleltest // it weighs the process
func TestMalformedRequests(t *testing.T) {
	seed := uint64(1) // the same ones each time, so that a failure is one of the change at hand
	if text := os.Getenv("TEST_FUZZ_SEED"); text != "" {
		given, err := strconv.ParseUint(text, 10, 64)
		require.NoError(t, err, "TEST_FUZZ_SEED")
		seed = given
	}
	t.Logf("TEST_FUZZ_SEED=%d", seed)
	requests := countFrom(t, "TEST_FUZZ_REQUESTS", 400)

	all := newTally()
	for i, e := range engines {
		flags := flagsOf(e.open(t))
		flags["members.registration"] = "approval"
		h := openHouse(t, flags, profilestest.CheapPasswords())
		s := newSiege(t, h, seed+uint64(i), all)
		s.provesItsRequestsValid()
		s.run(requests / len(engines))
	}
	for _, line := range all.report() {
		t.Log(line)
	}
	if requests >= leastPerOperation*len(all.operations) {
		require.GreaterOrEqual(t, all.leastSent(), leastPerOperation)
	}
	require.GreaterOrEqual(t, all.letIn(), leastLetIn)
	require.Zero(t, all.failed)
}

// provesItsRequestsValid sends one request to every operation that is not broken, from everybody who may call it. Somebody's
// succeeds, unless nobody's can here, so that what is refused afterwards is refused for what was broken.
func (s *siege) provesItsRequestsValid() {
	s.t.Helper()
	hopeless := map[string]string{"set-up": "the house has an admin"}
	for _, operation := range s.generator.Operations() {
		succeeded, refusals := false, ""
		for _, c := range s.callers {
			if !s.mayCall(c, operation) {
				continue
			}
			r := s.generator.Valid(operation, s.known(c, operation.ID), c.shown(operation, false)...)
			answer, body := s.exchange(r)
			s.after(c, operation.ID, answer.StatusCode)
			succeeded = succeeded || answer.StatusCode < http.StatusBadRequest
			refusals += fmt.Sprintf("%s\n%s\n", abridged(r), body)
		}
		_, none := hopeless[operation.ID]
		require.True(s.t, succeeded || none, "%s never succeeds:\n%s", operation.ID, refusals)
	}
}

// run sends so many broken requests, to each operation in turn.
func (s *siege) run(requests int) {
	s.t.Helper()
	operations := s.generator.Operations()
	var before uint64
	for i := range requests {
		if i == requests/10 {
			before = heap()
		}
		operation := operations[i%len(operations)]
		c := s.caller(operation)
		token := !s.generator.Chance(3)
		r := s.generator.Broken(operation, s.known(c, operation.ID), c.shown(operation, token)...)
		answer, body := s.exchange(r)
		s.tally.count(r, answer, body)
		s.after(c, operation.ID, answer.StatusCode)
		if answer.StatusCode == http.StatusUnauthorized && !r.Unauthenticated {
			s.revive(c)
		}
	}
	after := heap()
	require.LessOrEqual(s.t, after, 3*before+64<<20, "bytes on the heap, of %d after a tenth of the requests", before)
	s.t.Logf("%d MiB on the heap after a tenth of the requests, %d MiB in the end", before>>20, after>>20)
}

// heap returns how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what the first one's finalizers let go of
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// insides are what no answer may tell.
var insides = regexp.MustCompile(`goroutine \d+|\.go:\d+|runtime error|panic:|SQLSTATE|SQLITE_|pq: |constraint failed|sql: |no such (table|column)|` +
	`(SELECT|INSERT INTO|UPDATE|DELETE FROM) [a-z_]+|/platform/|/modules/|/tmp/`)

// byNetHTTP are the statuses with which net/http itself refuses what it cannot read; such an answer has no request id.
var byNetHTTP = []int{
	http.StatusBadRequest, http.StatusExpectationFailed, http.StatusRequestEntityTooLarge, http.StatusRequestHeaderFieldsTooLarge,
}

// exchange sends a request and looks at the answer.
func (s *siege) exchange(r malform.Request) (*http.Response, []byte) {
	s.t.Helper()
	answer, body, err := s.client.Send(r)
	if errors.Is(err, malform.ErrTorn) && r.Overlong() {
		s.tally.torn++
		return &http.Response{StatusCode: http.StatusBadRequest}, nil
	}
	require.NoError(s.t, err, "%s, broken by %s", r.Operation, r.Broken)
	if err := s.judge(r, answer, body); err != nil {
		s.t.Errorf("%s, broken by %s: %v\n%s\n%.2000q\n", r.Operation, r.Broken, err, abridged(r), body)
	}
	return answer, body
}

// judge says what is wrong with an answer. Errors: that it is a failure, that it tells of the insides, that it is not as
// documented, that it is a refusal without a code.
func (s *siege) judge(r malform.Request, answer *http.Response, body []byte) error {
	if answer.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("the server failed: %s", answer.Status)
	}
	if kind := answer.Header.Get("Content-Type"); kind != "application/zip" {
		if told := insides.Find(body); told != nil {
			return fmt.Errorf("the answer tells %q", told)
		}
	}
	if answer.Header.Get("X-Request-Id") == "" {
		if !slices.Contains(byNetHTTP, answer.StatusCode) {
			return fmt.Errorf("%s came from nowhere", answer.Status)
		}
		return nil
	}
	if answer.StatusCode >= http.StatusBadRequest && r.Method != http.MethodHead {
		if kind := answer.Header.Get("Content-Type"); kind != "application/problem+json" {
			return fmt.Errorf("%s is answered as %s", answer.Status, kind)
		}
		if codeOf(body) == "" {
			return fmt.Errorf("%s has no code", answer.Status)
		}
	}
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(r.Wire(s.h.server.Addr()))))
	if err != nil {
		return fmt.Errorf("the server has read what cannot be read: %w", err)
	}
	if !strings.HasPrefix(request.URL.Path, "/api/v1/") {
		return nil
	}
	sent, _ := io.ReadAll(request.Body) // as far as it goes
	return s.h.api.Check(request, sent, answer, body)
}

// abridged is a request as it goes over the wire, without what makes it long.
func abridged(r malform.Request) string {
	text := strconv.Quote(string(r.Wire("house")))
	if len(text) > 4000 {
		text = text[:2000] + " … " + text[len(text)-2000:]
	}
	return text
}

func codeOf(body []byte) string {
	var problem struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(body, &problem) != nil {
		return ""
	}
	return problem.Code
}

// keptOut are the codes with which a request is refused before anything of it is read.
var keptOut = []string{
	identity.ErrSignIn.Code(), identity.ErrInvalidCredential.Code(), identity.ErrNotPermitted.Code(), identity.ErrMissingScope.Code(), "cross_site_request",
}

// tally is what was answered.
type tally struct {
	operations                     map[string]*asked
	statuses                       map[int]int
	ways                           map[string]int
	sent, in, beside, torn, failed int
}

// asked is an operation's.
type asked struct{ sent, in, succeeded int }

func newTally() *tally {
	return &tally{operations: map[string]*asked{}, statuses: map[int]int{}, ways: map[string]int{}}
}

func (y *tally) count(r malform.Request, answer *http.Response, body []byte) {
	o := y.operations[r.Operation]
	if o == nil {
		o = &asked{}
		y.operations[r.Operation] = o
	}
	y.sent++
	o.sent++
	y.statuses[answer.StatusCode]++
	for _, way := range r.Broken {
		y.ways[way]++
	}
	switch {
	case answer.StatusCode >= http.StatusInternalServerError:
		y.failed++
	case answer.Header.Get("X-Request-Id") == "":
		y.beside++
		return
	case slices.Contains(keptOut, codeOf(body)):
		return
	case answer.StatusCode < http.StatusBadRequest:
		o.succeeded++
	}
	y.in++
	o.in++
}

// letIn is the share of requests that were not turned away at the door.
func (y *tally) letIn() float64 { return float64(y.in) / float64(y.sent) }

// leastSent is the number of requests that the operation got which got the fewest.
func (y *tally) leastSent() int {
	least := y.sent
	for _, o := range y.operations {
		least = min(least, o.sent)
	}
	return least
}

func (y *tally) report() []string {
	lines := []string{fmt.Sprintf("%-28s %6s %12s %10s", "operation", "sent", "let in", "succeeded")}
	for _, id := range slices.Sorted(maps.Keys(y.operations)) {
		o := y.operations[id]
		lines = append(lines, fmt.Sprintf("%-28s %6d %6d %4.0f%% %10d", id, o.sent, o.in, 100*float64(o.in)/float64(o.sent), o.succeeded))
	}
	for _, way := range slices.Sorted(maps.Keys(y.ways)) {
		lines = append(lines, fmt.Sprintf("%6d broken by %s", y.ways[way], way))
	}
	for _, status := range slices.Sorted(maps.Keys(y.statuses)) {
		lines = append(lines, fmt.Sprintf("%6d answered %d %s", y.statuses[status], status, http.StatusText(status)))
	}
	return append(lines,
		fmt.Sprintf("%d refused by net/http before the program saw them, %d of them with an answer that got lost", y.beside, y.torn),
		fmt.Sprintf("%d malformed requests sent as member and as admin, at least %d to each of %d operations", y.sent, y.leastSent(), len(y.operations)),
		fmt.Sprintf("%.1f %% past authentication, %d answered 5xx", 100*y.letIn(), y.failed))
}
