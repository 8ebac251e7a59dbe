//go:build bench

package main

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// serveArgs are those of a server on the store; data is its folder.
func (s *benchStore) serveArgs(data, url string) []string {
	args := []string{"serve", "--http.addr", "127.0.0.1:0", "--data.dir", data}
	if url != "" {
		args = append(args, "--database.url", url)
	}
	return args
}

// startUp measures the time from starting the real program to its first line, which it prints when it is ready.
func (s *benchStore) startUp(t *testing.T, empty bool) string {
	t.Helper()
	if s.pool == nil {
		return "-"
	}
	path := binary(t)
	data, url := t.TempDir(), s.flags["database.url"]
	if !empty {
		stopServing(t, launch(t, path, s.serveArgs(data, url)...))
	}
	var times []time.Duration
	for n := range 5 {
		if empty {
			data = t.TempDir()
		}
		if empty && url != "" {
			url = s.emptySchema(fmt.Sprintf("startup_%d", n))
		}
		began := time.Now()
		p := launch(t, path, s.serveArgs(data, url)...)
		times = append(times, time.Since(began))
		stopServing(t, p)
	}
	return strconv.FormatInt(median(times).Milliseconds(), 10)
}

// emptySchema returns the address of a new, empty schema in the store's server.
func (s *benchStore) emptySchema(name string) string {
	s.t.Helper()
	url := s.flags["database.url"]
	pool, err := sql.Open("postgres", url)
	require.NoError(s.t, err)
	defer func() { _ = pool.Close() }()
	_, err = pool.ExecContext(s.t.Context(), "CREATE SCHEMA "+name)
	require.NoError(s.t, err)
	return url + "&search_path=" + name
}

func stopServing(t *testing.T, p *process) {
	t.Helper()
	require.Zero(t, p.stop(syscall.SIGTERM))
}

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// idleMemory is what a server holds ten seconds after it became ready.
func idleMemory(t *testing.T, s *benchStore) string {
	t.Helper()
	if s.pool == nil {
		return "-"
	}
	p := launch(t, binary(t), s.serveArgs(t.TempDir(), s.flags["database.url"])...)
	time.Sleep(10 * time.Second)
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	require.NoError(t, err)
	kilobytes, err := strconv.Atoi(resident.FindStringSubmatch(string(text))[1])
	require.NoError(t, err)
	stopServing(t, p)
	return strconv.Itoa(kilobytes / 1024)
}

// wireRoundTrips counts, in a proxy before PostgreSQL, how often the program speaks after the server has spoken.
func wireRoundTrips(t *testing.T, s *benchStore) string {
	t.Helper()
	if s.cluster == nil {
		return "-"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	var turns atomic.Int64
	go relayAll(listener, filepath.Join(s.cluster.Dir(), ".s.PGSQL.5432"), &turns)

	url := "postgres://postgres@" + listener.Addr().String() + "/postgres?sslmode=disable"
	through := openBenchStore(t, &benchStore{name: s.name, flags: map[string]string{"database.url": url}})
	listing := through.publish(10)
	through.bid(listing, 3)
	before := turns.Load()
	through.bid(listing, 100)
	return perBid(turns.Load()-before, 100)
}

// relayAll relays connections until the listener is closed.
func relayAll(listener net.Listener, socket string, turns *atomic.Int64) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", socket)
		if err != nil {
			_ = client.Close()
			continue
		}
		var answered atomic.Bool
		answered.Store(true)
		go relay(server, client, func() {
			if answered.Swap(false) {
				turns.Add(1)
			}
		})
		go relay(client, server, func() { answered.Store(true) })
	}
}

// relay copies what comes from one end to the other, telling spoke before each piece is passed on.
func relay(to, from net.Conn, spoke func()) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			spoke()
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if errors.Is(err, io.EOF) || err != nil {
			return
		}
	}
}
