package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// product begins the names of all files of a release.
const product = "gavel"

// source is the commit that is released.
type source struct {
	root    string
	version string // as git describes the commit
	commit  string
	time    time.Time // of the commit, UTC: the time of everything in the release
}

// describe returns the commit that is checked out at root.
func describe(ctx context.Context, root string) (source, error) {
	s := source{root: root}
	var err error
	if s.version, err = s.output(ctx, "git", "describe", "--tags", "--always", "--dirty", "--abbrev=12"); err != nil {
		return source{}, err
	}
	if s.commit, err = s.output(ctx, "git", "rev-parse", "HEAD"); err != nil {
		return source{}, err
	}
	seconds, err := s.output(ctx, "git", "show", "--no-patch", "--format=%ct", "HEAD")
	if err != nil {
		return source{}, err
	}
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return source{}, fmt.Errorf("read the commit's time: %w", err)
	}
	s.time = time.Unix(unix, 0).UTC()
	return s, nil
}

// name is that of the release, and of the directory in each archive: gavel-v1.2.3.
func (s source) name() string { return product + "-" + s.version }

// output runs a command at the root and returns what it printed, without the line's end.
func (s source) output(ctx context.Context, name string, args ...string) (string, error) {
	return command(ctx, s.root, nil, name, args...)
}

// command runs a command in dir with the variables added to the environment, and returns what it printed.
// Errors: with what it said.
func command(ctx context.Context, dir string, variables []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), variables...)
	var said bytes.Buffer
	cmd.Stderr = &said
	printed, err := cmd.Output()
	if err != nil {
		return "", errors.Join(fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err), errorText(said))
	}
	return strings.TrimSpace(string(printed)), nil
}

func errorText(said bytes.Buffer) error {
	if said.Len() == 0 {
		return nil
	}
	return errors.New(strings.TrimSpace(said.String()))
}
