package main

import (
	"bufio"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is how long a test waits for another process before it calls it stuck. It bounds nothing that is measured.
const patience = 2 * time.Minute

// buildOnce builds the program as it is released.
var buildOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "monolith-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "monolith")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := build.CombinedOutput(); err != nil {
		return "", &buildError{text: string(text), cause: err}
	}
	built = dir
	return path, nil
})

// built is the folder of the program that buildOnce built, for TestMain to remove.
var built string

type buildError struct {
	text  string
	cause error
}

func (e *buildError) Error() string { return e.cause.Error() + "\n" + e.text }

// binary returns the path of the real program.
func binary(t *testing.T) string {
	t.Helper()
	path, err := buildOnce()
	require.NoError(t, err)
	return path
}

// process is a running program whose first line on stdout has been read.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	stderr *os.File // a file, so that what the program wrote before something else is there when that is
	stdout io.ReadCloser
	first  string
	exited bool
}

// launch starts a program in a folder of its own, with none of our environment's configuration, and waits for the first
// line that it prints.
func launch(t *testing.T, path string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(path, args...)}
	p.cmd.Dir = t.TempDir()
	p.cmd.Env = cleanEnvironment()
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that what it starts can be stopped with it
	var err error
	p.stderr, err = os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.stderr.Close()) })
	p.cmd.Stderr = p.stderr
	p.stdout, err = p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	t.Cleanup(p.kill)
	p.first = p.firstLine()
	return p
}

// cleanEnvironment is ours without what configures the program.
func cleanEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "GAVEL_") || strings.HasPrefix(entry, "MAKE") // a make around the tests says so to its own
	})
}

func (p *process) firstLine() string {
	p.t.Helper()
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(p.stdout).ReadString('\n')
		line <- text
	}()
	select {
	case text := <-line:
		if text == "" {
			_ = p.cmd.Wait()
			p.exited = true
			require.FailNow(p.t, "the program ended without a word", p.log())
		}
		return strings.TrimSuffix(text, "\n")
	case <-time.After(patience):
		require.FailNow(p.t, "the program does not become ready")
		return ""
	}
}

// addr returns the address that the first line names.
func (p *process) addr() string {
	p.t.Helper()
	_, text, found := strings.Cut(p.first, " at ")
	require.True(p.t, found, p.first)
	u, err := url.Parse(text)
	require.NoError(p.t, err)
	return u.Host
}

// log returns what the program has written to stderr so far.
func (p *process) log() string {
	p.t.Helper()
	text, err := os.ReadFile(p.stderr.Name())
	require.NoError(p.t, err)
	return string(text)
}

// stop sends a signal and returns the exit status.
func (p *process) stop(signal os.Signal) int {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(signal))
	return p.wait()
}

// wait returns the exit status of a program that is about to end.
func (p *process) wait() int {
	p.t.Helper()
	stuck := time.AfterFunc(patience, p.killGroup)
	defer stuck.Stop()
	_, _ = io.Copy(io.Discard, p.stdout)
	_ = p.cmd.Wait() // its status says it
	p.exited = true
	return p.cmd.ProcessState.ExitCode()
}

// kill ends what a failed test left running.
func (p *process) kill() {
	if !p.exited {
		p.killGroup()
		_ = p.cmd.Wait()
	}
}

func (p *process) killGroup() { _ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }
