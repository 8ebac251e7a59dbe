package figure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// run runs the step's command and shows each line that it prints.
// Errors: that it cannot be started, that ctx ended. Another exit status than 0 is none.
func run(ctx context.Context, root string, s Step, show func(line string)) (Result, error) {
	cmd := exec.CommandContext(ctx, s.Command[0], s.Command[1:]...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), s.Env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it may have databases to take down
	cmd.WaitDelay = time.Minute

	all := &lines{show: show}
	var stdout bytes.Buffer
	cmd.Stdout, cmd.Stderr = both{&stdout, all}, all
	begun := time.Now()
	err := cmd.Run()
	all.end()
	result := Result{Output: all.text.Bytes(), Stdout: stdout.Bytes(), Elapsed: time.Since(begun)}
	var status *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return Result{}, ctx.Err()
	case errors.As(err, &status):
		result.Code = status.ExitCode()
	case err != nil:
		return Result{}, fmt.Errorf("run %s: %w", strings.Join(s.Command, " "), err)
	}
	return result, nil
}

// lines collects what two streams say and shows it line by line.
type lines struct {
	mu    sync.Mutex
	text  bytes.Buffer
	shown int // bytes of text
	show  func(line string)
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.text.Write(p)
	for {
		rest := l.text.Bytes()[l.shown:]
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			return n, err
		}
		l.show(string(rest[:end]))
		l.shown += end + 1
	}
}

// end shows a last line that did not end.
func (l *lines) end() {
	if rest := l.text.Bytes()[l.shown:]; len(rest) > 0 {
		l.show(string(rest))
	}
}

// both writes everything twice.
type both struct {
	first *bytes.Buffer
	then  *lines
}

func (b both) Write(p []byte) (int, error) {
	b.first.Write(p)
	return b.then.Write(p)
}
