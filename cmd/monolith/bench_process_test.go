//go:build bench

package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// replayRates runs the real program over the recorded auctions, on the stores in turn, and returns the bids per second.
func replayRates(t *testing.T, stores []*benchStore) map[*benchStore]figures {
	t.Helper()
	folder := os.Getenv("TEST_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	file, err := filepath.Abs(filepath.Join(folder, "ebay-auctions.csv"))
	require.NoError(t, err)
	rates := map[*benchStore]figures{}
	for range benchRounds {
		for _, s := range stores {
			rates[s] = append(rates[s], s.replayRate(t, file))
		}
	}
	return rates
}

func (s *benchStore) replayRate(t *testing.T, file string) float64 {
	t.Helper()
	args := []string{"replay", "--json", "--store", s.name}
	if s.cluster != nil {
		args = append(args, "--database.url", s.flags["database.url"])
	}
	cmd := exec.CommandContext(t.Context(), binary(t), append(args, file)...)
	cmd.Dir, cmd.Env = t.TempDir(), cleanEnvironment()
	text, err := cmd.Output()
	require.NoError(t, err)
	var result struct {
		Bids    int     `json:"bids"`
		Exact   int     `json:"exact"`
		Seconds float64 `json:"seconds"`
	}
	require.NoError(t, json.Unmarshal(text, &result))
	require.Equal(t, 477, result.Exact, "it is not the replay that it should be")
	return float64(result.Bids) / result.Seconds
}

// server is a program of its own that serves.
type server struct {
	pid   int
	ready time.Duration // from its start until /readyz answered 200
	stop  func()
}

// serve starts the real program on a database. Only tests keep everything in memory: there it is a copy of this test
// program, which runs the same graph.
func (s *benchStore) serve(t *testing.T, data, url string) server {
	t.Helper()
	began := time.Now()
	if s.pool == nil {
		v := spawn(t, childPlan{Flags: map[string]string{"http.addr": "127.0.0.1:0", "data.dir": data}, InMemory: true})
		v.await("the server", func(h heard) bool { return h.addr != "" })
		awaitReadyz(t, v.told().addr)
		return server{pid: v.cmd.Process.Pid, ready: time.Since(began), stop: v.stop}
	}
	args := []string{"serve", "--http.addr", "127.0.0.1:0", "--data.dir", data}
	if url != "" {
		args = append(args, "--database.url", url)
	}
	p := launch(t, binary(t), args...)
	awaitReadyz(t, p.addr())
	return server{pid: p.cmd.Process.Pid, ready: time.Since(began), stop: func() {
		require.Equal(t, exitOK, p.stop(syscall.SIGTERM))
	}}
}

// awaitReadyz waits until the server at the address says that it is ready, which it should say at once.
func awaitReadyz(t *testing.T, addr string) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for late := time.After(patience); ; time.Sleep(time.Millisecond) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+"/readyz", nil)
		require.NoError(t, err)
		response, err := client.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		if response.StatusCode == http.StatusOK {
			return
		}
		select {
		case <-late:
			require.FailNow(t, "the server does not get ready")
		default:
		}
	}
}

// startUp measures how many milliseconds a server needs to be ready, with a database that is empty or with one that it
// has used before.
func (s *benchStore) startUp(t *testing.T, empty bool) figures {
	t.Helper()
	binary(t) // is built by now
	data, url := t.TempDir(), s.newSchema(t)
	if !empty {
		s.serve(t, data, url).stop()
	}
	var times figures
	for range benchRounds {
		if empty {
			data, url = t.TempDir(), s.newSchema(t)
		}
		running := s.serve(t, data, url)
		times = append(times, float64(running.ready)/float64(time.Millisecond))
		running.stop()
	}
	return times
}

// newSchema returns the address of a new, empty schema; "" where there is no server.
func (s *benchStore) newSchema(t *testing.T) string {
	t.Helper()
	if s.cluster == nil {
		return ""
	}
	url := s.flags["database.url"]
	pool, err := sql.Open("postgres", url)
	require.NoError(t, err)
	defer func() { require.NoError(t, pool.Close()) }()
	name := fmt.Sprintf("bench_%x", uuid.New())
	_, err = pool.ExecContext(t.Context(), "CREATE SCHEMA "+name)
	require.NoError(t, err)
	return url + "&search_path=" + name
}

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// idleMemory is how many MiB a server holds that has had nothing to do for ten seconds.
func (s *benchStore) idleMemory(t *testing.T) float64 {
	t.Helper()
	running := s.serve(t, t.TempDir(), s.newSchema(t))
	defer running.stop()
	time.Sleep(10 * time.Second)
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", running.pid))
	require.NoError(t, err)
	found := resident.FindSubmatch(text)
	require.NotNil(t, found)
	kilobytes, err := strconv.Atoi(string(found[1]))
	require.NoError(t, err)
	return float64(kilobytes) / 1024
}
