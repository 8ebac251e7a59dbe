package main

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
)

// inParts calls fn with the parts of the program that serves a store. Nothing is started, so nothing migrates.
func inParts(t *testing.T, store []string, fn func(parts)) {
	t.Helper()
	p := configuredProgram(t, store...)
	cfg, err := p.config()
	require.NoError(t, err)
	found, err := p.parts(*cfg)
	require.NoError(t, err)
	fn(found)
	require.NoError(t, found.Pool.Close())
}

// execute changes a store behind the program's back.
func execute(t *testing.T, store []string, statement string, args ...any) {
	t.Helper()
	inParts(t, store, func(found parts) {
		require.NoError(t, found.Pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, statement, args...)
			return err
		}))
	})
}

// eachStocked runs a test on a database of each kind with an invented market.
func eachStocked(t *testing.T, test func(t *testing.T, store []string)) {
	t.Helper()
	eachStore(t, func(t *testing.T, store []string) {
		stock(t, store)
		test(t, store)
	})
}

// stock invents a market.
func stock(t *testing.T, store []string) {
	t.Helper()
	got := monolith(t, command(store, "seed", "--listings", "12"))
	require.Equal(t, exitOK, got.status, got.stderr)
}

// command returns the arguments of a command on a store.
func command(store []string, args ...string) []string {
	return append(args[:len(args):len(args)], store...)
}

// ranAlone runs the real program in a process of its own, to its end.
func ranAlone(t *testing.T, args ...string) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	cmd.Dir, cmd.Env = t.TempDir(), cleanEnvironment()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var ended *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &ended) {
		require.NoError(t, err)
	}
	return answer{status: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
}
