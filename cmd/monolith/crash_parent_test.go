package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/listingstest"
)

// victim is a child as its parent sees it.
type victim struct {
	t      *testing.T
	cmd    *exec.Cmd
	orders io.WriteCloser
	stderr bytes.Buffer
	ended  chan struct{} // closed when its stdout has been read to the end

	mu   sync.Mutex
	news sync.Cond // something was heard, or has ended
	heard
}

// heard is what a child has told.
type heard struct {
	addr      string
	trades    int
	rests     int
	published []uuid.UUID
	bids      []listingstest.Outcome // acknowledged
	failures  []string               // codes
	contests  []contestResult        // those that are over
	last      bool                   // nothing more will come
}

// spawn starts a child, under another command if one is given, and does not wait for it.
func spawn(t *testing.T, plan childPlan, under ...string) *victim {
	t.Helper()
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	command := append(under[:len(under):len(under)], self)
	v := &victim{t: t, cmd: exec.Command(command[0], command[1:]...), ended: make(chan struct{})}
	v.news.L = &v.mu
	v.cmd.Env = append(cleanEnvironment(), childVariable+"="+string(text))
	v.cmd.Stderr = &v.stderr
	v.orders, err = v.cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := v.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, v.cmd.Start())
	go v.listen(json.NewDecoder(stdout))
	t.Cleanup(func() {
		if v.cmd.ProcessState == nil {
			_ = v.orders.Close() // ends the child even where it is strace that is killed
			_ = v.cmd.Process.Kill()
			v.wait()
		}
		if t.Failed() {
			t.Logf("the child said on stderr:\n%s", v.stderr.String())
		}
	})
	return v
}

// listen notes what the child tells until it ends.
func (v *victim) listen(reports *json.Decoder) {
	defer close(v.ended)
	for {
		var r childReport
		err := reports.Decode(&r)
		v.mu.Lock()
		v.note(r)
		v.last = err != nil
		v.news.Broadcast()
		v.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (v *victim) note(r childReport) {
	if r.Ready != "" {
		v.addr = r.Ready
	}
	if r.Published != nil {
		v.published = append(v.published, r.Published...)
		v.trades++
	}
	if r.Resting {
		v.rests++
	}
	if r.Contest != nil {
		v.contests = append(v.contests, *r.Contest)
	}
	switch o := r.Outcome; {
	case o == nil:
	case o.Failed != "":
		v.failures = append(v.failures, o.Failed)
	case o.Seq != 0:
		v.bids = append(v.bids, *o)
	}
}

// await waits until the child has told enough.
func (v *victim) await(what string, enough func(heard) bool) {
	v.t.Helper()
	late := false
	alarm := time.AfterFunc(patience, func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		late = true
		v.news.Broadcast()
	})
	defer alarm.Stop()
	v.mu.Lock()
	defer v.mu.Unlock()
	for !enough(v.heard) {
		if late || v.last {
			require.FailNow(v.t, "the child is stuck or has ended", "waiting for %s", what)
		}
		v.news.Wait()
	}
}

// awaitBids waits until n more bids have been acknowledged.
func (v *victim) awaitBids(n int) {
	v.t.Helper()
	n += len(v.told().bids)
	v.await("bids", func(h heard) bool { return len(h.bids) >= n })
}

// told returns what has been told so far.
func (v *victim) told() heard {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.heard
}

// order tells the child what to do.
func (v *victim) order(o childOrder) {
	v.t.Helper()
	require.NoError(v.t, json.NewEncoder(v.orders).Encode(o))
}

// trade lets the child trade and waits until its lots are published; it returns them.
func (v *victim) trade(what childTrade) []uuid.UUID {
	v.t.Helper()
	before := v.told()
	v.order(childOrder{Trade: &what})
	v.await("lots", func(h heard) bool { return h.trades > before.trades })
	return v.told().published[len(before.published):]
}

// rest lets the child end its trade and waits until it has.
func (v *victim) rest() {
	v.t.Helper()
	rests := v.told().rests
	v.order(childOrder{Rest: true})
	v.await("rest", func(h heard) bool { return h.rests > rests })
}

// kill kills the child as kill -9 does.
func (v *victim) kill() {
	v.t.Helper()
	require.NoError(v.t, v.cmd.Process.Kill())
	v.wait()
	status, ok := v.cmd.ProcessState.Sys().(syscall.WaitStatus)
	require.True(v.t, ok && status.Signaled() && status.Signal() == syscall.SIGKILL,
		"it ended before it was killed: %s", v.cmd.ProcessState)
}

// stop lets the child end gently.
func (v *victim) stop() {
	v.t.Helper()
	require.NoError(v.t, v.orders.Close())
	v.wait()
	require.Equal(v.t, exitOK, v.cmd.ProcessState.ExitCode())
}

// wait returns when the child has ended and everything that it told is noted.
func (v *victim) wait() {
	stuck := time.AfterFunc(patience, func() { _ = v.cmd.Process.Kill() })
	defer stuck.Stop()
	<-v.ended
	_ = v.cmd.Wait() // ProcessState says it
}
