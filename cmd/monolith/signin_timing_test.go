package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hashMemory is what one password hash takes, as members.password.memory has it.
const hashMemory = 19 << 20

// TestNoAnsweringTimeTellsWhoIsAMember asks the real program the same thing about addresses that have an account and about
// such that have none, in pairs whose order is drawn. The answers are the same, and so many bytes are asked for meanwhile as
// the same number of password hashes takes. With TEST_SIGNIN_PAIRS (200 in `make soak`) the times are compared, too: the
// median of the one is that of the other, give or take a tenth. A busy machine gets three chances.
func TestNoAnsweringTimeTellsWhoIsAMember(t *testing.T) {
	t.Parallel()
	pairs := countFrom(t, "TEST_SIGNIN_PAIRS", 0)
	eachStore(t, func(t *testing.T, store []string) {
		// Attempts are counted as everywhere else, but none is delayed.
		p := launch(t, binary(t), serveArgs(store, "--http.rate.requests", "0", "--members.sign_in.failures", "1000000",
			"--metrics.token", measuringToken)...)
		s := &stopwatch{t: t, base: "http://" + p.addr()}
		where := path.Base(t.Name())
		for _, q := range s.questions() {
			s.hashes(q)
			if pairs > 0 {
				s.judge(q, where, pairs)
			}
		}
	})
}

const measuringToken = "a token for those who measure"

// question is what is asked about an address. Every address is asked about once, as whoever is curious would.
type question struct {
	name, path string
	body       func(address string) fields
	status     int
	hashes     int // that one answer takes
}

// stopwatch asks and measures.
type stopwatch struct {
	t     *testing.T
	base  string
	drawn int
}

// questions are those whose answers would tell who is a member. The addresses have the same length.
func (s *stopwatch) questions() []question {
	return []question{
		{"sign in", "/api/v1/sessions", func(address string) fields {
			return fields{"email": address, "password": "not the password"}
		}, http.StatusUnauthorized, 1},
		{"register", "/api/v1/members", s.registration, http.StatusAccepted, 1},
		{"reset the password", "/api/v1/password-resets", onlyAddress, http.StatusAccepted, 0},
		{"ask for the verifying letter again", "/api/v1/email-verifications", onlyAddress, http.StatusAccepted, 0},
	}
}

func onlyAddress(address string) fields { return fields{"email": address} }

// registration is what registers an address, under a handle that nobody has.
func (s *stopwatch) registration(address string) fields {
	return fields{"email": address, "handle": "h" + strings.TrimSuffix(s.address(), "@example.org"), "password": password}
}

// address returns one that nobody has.
func (s *stopwatch) address() string {
	s.drawn++
	return fmt.Sprintf("a%07d@example.org", s.drawn)
}

// members returns that many addresses with an account.
func (s *stopwatch) members(n int) []string {
	s.t.Helper()
	client := newClient(s.t)
	addresses := make([]string, n)
	for i := range addresses {
		addresses[i] = s.address()
		s.ask(client, question{path: "/api/v1/members", body: s.registration, status: http.StatusAccepted}, addresses[i])
	}
	return addresses
}

// newClient returns a client with a connection of its own.
func newClient(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{MaxConnsPerHost: 1}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// ask asks and returns how long the answer took, to its last byte.
func (s *stopwatch) ask(client *http.Client, q question, address string) time.Duration {
	s.t.Helper()
	text, err := json.Marshal(q.body(address))
	require.NoError(s.t, err)
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.base+q.path, bytes.NewReader(text))
	require.NoError(s.t, err)
	request.Header.Set("Content-Type", "application/json")
	begun := time.Now()
	response, err := client.Do(request)
	require.NoError(s.t, err)
	answer, err := io.ReadAll(response.Body)
	took := time.Since(begun)
	require.NoError(s.t, err)
	require.NoError(s.t, response.Body.Close())
	require.Equal(s.t, q.status, response.StatusCode, "%s: %s", q.path, answer)
	return took
}

// hashes requires that the answers to the question take as many password hashes as they should, for members and others
// alike. They are counted by the memory that is asked for, of which one hash takes more than all else.
func (s *stopwatch) hashes(q question) {
	s.t.Helper()
	const times = 3
	client := newClient(s.t)
	members := s.members(times)
	count := func(address func(i int) string) int {
		before := s.allocated()
		for i := range times {
			s.ask(client, q, address(i))
		}
		return int((s.allocated() - before) / hashMemory)
	}
	require.Equal(s.t, times*q.hashes, count(func(i int) string { return members[i] }), "%s, for members", q.name)
	require.Equal(s.t, times*q.hashes, count(func(int) string { return s.address() }), "%s, for others", q.name)
}

// allocated returns how many bytes the program has asked for since it began.
func (s *stopwatch) allocated() float64 {
	s.t.Helper()
	addr := strings.TrimPrefix(s.base, "http://")
	metrics := get(s.t, addr, "/metrics", http.StatusOK, "Authorization", "Bearer "+measuringToken)
	_, after, found := strings.Cut(metrics, "\ngo_memstats_alloc_bytes_total ")
	require.True(s.t, found)
	number, _, _ := strings.Cut(after, "\n")
	n, err := strconv.ParseFloat(number, 64)
	require.NoError(s.t, err)
	return n
}

// judge requires that the times of members and others are the same.
func (s *stopwatch) judge(q question, where string, pairs int) {
	s.t.Helper()
	const least, most, chances = 0.9, 1.1, 3
	var ratios []float64
	for len(ratios) < chances {
		others, members := s.measure(q, pairs)
		ratio := float64(others) / float64(members)
		ratios = append(ratios, ratio)
		s.t.Logf("%s: %d interleaved pairs, median %s for unknown addresses, %s for members, ratio %.3f",
			q.name, pairs, others, members, ratio)
		if ratio >= least && ratio <= most {
			s.t.Logf("%s on %s: an unknown address takes %.3f of a member's time", q.name, where, ratio)
			return
		}
	}
	require.Fail(s.t, "the answering time tells who is a member", "%s: ratios %.3f", q.name, ratios)
}

// measure asks about unknown addresses and about members', each through a client of its own, and returns the medians.
func (s *stopwatch) measure(q question, pairs int) (others, members time.Duration) {
	s.t.Helper()
	const warmups = 3
	known := s.members(pairs + warmups)
	clients := [2]*http.Client{newClient(s.t), newClient(s.t)}
	var times [2][]time.Duration
	for i, member := range known {
		addresses := [2]string{s.address(), member}
		first := rand.IntN(2)
		for _, which := range []int{first, 1 - first} {
			if took := s.ask(clients[which], q, addresses[which]); i >= warmups {
				times[which] = append(times[which], took)
			}
		}
	}
	return middle(times[0]), middle(times[1])
}

func middle(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
