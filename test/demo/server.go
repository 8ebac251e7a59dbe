package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// server is the program under `make run`, stopped and started as the story needs it. Its data stay.
type server struct {
	setting
	data string // its folder

	ahead   time.Duration // of the machine's clock
	base    string        // where it answers
	running *exec.Cmd     // nil: stopped
	lines   chan string   // of its standard output
	log     transcript    // what it says on standard error
}

// patience is how long the story waits for what takes a moment: a start (which may build the program), a letter, a
// closing.
const patience = 2 * time.Minute

// start runs `make run` with the clock ahead and returns when the server is ready. Errors: that it does not get ready.
func (s *server) start(ctx context.Context, ahead time.Duration) error {
	args := fmt.Sprintf("--http.addr 127.0.0.1:0 --data.dir '%s' --rehearsal.clock_ahead %s", s.data, ahead)
	// A story that is broken off stops the server by itself: killing make alone would leave it running.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), "make", "run", "BIN="+s.binary, "ARGS="+args)
	cmd.Dir = s.root
	cmd.Env = environment()
	cmd.Stderr = &s.log
	// A group of its own gets the signal that a terminal would send to make and the server together.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("run the server: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run the server: %w", err)
	}
	s.running, s.ahead, s.lines = cmd, ahead, make(chan string, 100)
	go read(out, s.lines)
	ready, err := s.awaits(ctx, "Gavel is ready at ")
	s.base = ready
	return err
}

// read sends the lines, and closes the channel after the last.
func read(out io.Reader, lines chan<- string) {
	defer close(lines)
	for scanner := bufio.NewScanner(out); scanner.Scan(); {
		lines <- scanner.Text()
	}
}

// awaits waits for a line of the server's that begins so, and returns the rest of it. Errors: the server ends first, or
// says nothing for too long.
func (s *server) awaits(ctx context.Context, beginning string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		select {
		case line, more := <-s.lines:
			if !more {
				return "", fmt.Errorf("the server ended before it said %q", beginning)
			}
			if rest, found := strings.CutPrefix(line, beginning); found {
				return rest, nil
			}
		case <-ctx.Done():
			return "", fmt.Errorf("wait for the server to say %q: %w", beginning, ctx.Err())
		}
	}
}

// stop interrupts the server as a terminal does, and waits for its end. It does nothing when none runs. Errors: a server
// that cannot be stopped.
func (s *server) stop() error {
	if s.running == nil {
		return nil
	}
	group := -s.running.Process.Pid
	if err := syscall.Kill(group, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop the server: %w", err)
	}
	late := time.AfterFunc(patience, func() { _ = syscall.Kill(group, syscall.SIGKILL) })
	for range s.lines { // what it still says
	}
	_ = s.running.Wait() // make, which was interrupted, says so
	s.running = nil
	if !late.Stop() {
		return fmt.Errorf("stop the server: it did not stop within %s", patience)
	}
	return nil
}

// now is the server's present.
func (s *server) now() time.Time { return time.Now().UTC().Add(s.ahead) }

// monolith runs the program that make has built, with the server's data, and returns what it prints and its status.
func (s *server) monolith(ctx context.Context, args ...string) (printed string, status int, err error) {
	name := s.binary
	if !strings.HasPrefix(name, "/") {
		name = "./" + name
	}
	cmd := exec.CommandContext(ctx, name, append(args, "--data.dir", s.data)...)
	cmd.Dir = s.root
	cmd.Env = environment()
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.Exited() {
		return string(out), ended.ExitCode(), nil
	}
	return string(out), 0, err
}

// environment is ours without what configures a server, and without what a make that runs us has to say to its own.
func environment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, "GAVEL_") && name != "MAKEFLAGS" && name != "MAKELEVEL" && name != "MFLAGS" {
			kept = append(kept, variable)
		}
	}
	return kept
}

// complaint is what the server said last, for people who look for the reason of a failure; nil when it said nothing.
func (s *server) complaint() error {
	said := s.log.last(20)
	if said == "" {
		return nil
	}
	return errors.New("the server's log ends with:\n" + said)
}

// transcript keeps what is written to it. It is safe for concurrent use.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(b)
}

// last returns the last n lines.
func (t *transcript) last(n int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(t.text.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
