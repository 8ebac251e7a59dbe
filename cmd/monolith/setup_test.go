package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// served is a server that runs in the test's own process.
type served struct {
	t      *testing.T
	out    *bufio.Reader
	stderr *bytes.Buffer
	stop   context.CancelFunc
	status chan int
}

func serving(t *testing.T, store []string, more ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	s := &served{t: t, out: bufio.NewReader(reader), stderr: &bytes.Buffer{}, stop: cancel, status: make(chan int, 1)}
	p := &program{args: serveArgs(store, more...), stdin: strings.NewReader(""), stdout: writer, stderr: s.stderr}
	go func() {
		s.status <- run(ctx, p)
		_ = writer.Close() // a pipe's never fails
	}()
	t.Cleanup(cancel)
	return s
}

func (s *served) line() string {
	s.t.Helper()
	line, err := s.out.ReadString('\n')
	require.NoError(s.t, err)
	return strings.TrimSuffix(line, "\n")
}

// end stops the server and returns what it has printed since.
func (s *served) end() string {
	s.t.Helper()
	s.stop()
	rest, err := io.ReadAll(s.out)
	require.NoError(s.t, err)
	require.Equal(s.t, exitOK, <-s.status, s.stderr.String())
	return string(rest)
}

func TestServePrintsASetupLinkWhileThereIsNoAdmin(t *testing.T) {
	t.Parallel()
	store := sqlite.nothing(t)
	s := serving(t, store)
	base, ok := strings.CutPrefix(s.line(), "Gavel is ready at ")
	require.True(t, ok)
	link, ok := strings.CutPrefix(s.line(), "Set up the first admin within 30 minutes: "+base+"/setup?token=")
	require.True(t, ok)
	require.GreaterOrEqual(t, len(link), 43)

	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	open := func() (status int, cookies []*http.Cookie) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/setup?token="+link, nil)
		require.NoError(t, err)
		response, err := client.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode, response.Cookies()
	}
	status, cookies := open()
	require.Equal(t, http.StatusOK, status)
	require.Len(t, cookies, 1)
	status, _ = open()
	require.Equal(t, http.StatusForbidden, status, "the link belongs to the browser that opened it first")

	form := url.Values{"token": {link}, "email": {"ada@example.org"}, "handle": {"ada"}, "password": {"correct horse battery"}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/setup", strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.AddCookie(cookies[0])
	response, err := client.Transport.RoundTrip(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.Empty(t, s.end())
	require.NotContains(t, s.stderr.String(), link, "the log does not know it")
	require.Contains(t, s.stderr.String(), "/setup")

	again := serving(t, store)
	require.Contains(t, again.line(), "Gavel is ready at ")
	require.Empty(t, again.end(), "there is an admin")
}

func TestTheSetupLinkLeadsToTheSite(t *testing.T) {
	t.Parallel()
	s := serving(t, sqlite.open(t), "--site.url", "https://auctions.example.org")
	s.line()
	require.Contains(t, s.line(), "Set up the first admin within 30 minutes: https://auctions.example.org/setup?token=")
	require.Empty(t, s.end())
}
