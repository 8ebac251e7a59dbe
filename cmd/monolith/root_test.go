package main // a command cannot be imported, so its tests live inside; they go through run, as the shell does

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/fault"
)

// answer is what a run of the program left behind.
type answer struct {
	status         int
	stdout, stderr string
}

// monolith runs the program with args, and with environ if it is given.
func monolith(t *testing.T, args []string, environ ...string) answer {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), &program{
		args: args, environ: environ, stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr,
	})
	return answer{status: status, stdout: stdout.String(), stderr: stderr.String()}
}

// requireNoComplaint requires that a command has said nothing beside its answer, but perhaps how far it has got: on a busy
// machine anything takes long.
func requireNoComplaint(t *testing.T, got answer) {
	t.Helper()
	require.Regexp(t, `^(\d+ [a-z ]+\n|\d+ of \d+ [a-z ]+\n)*$`, got.stderr)
}

func TestExitStatus(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"it worked":               {args: []string{"version"}, status: 0},
		"help is an answer":       {args: []string{"--help"}, status: 0},
		"a command that is none":  {args: []string{"verison"}, status: 2, stderr: `unknown command "verison"`},
		"a subcommand that is no": {args: []string{"config", "prnt"}, status: 2, stderr: `unknown command "prnt" for "monolith config"`},
		"a flag that is none":     {args: []string{"version", "--jsno"}, status: 2, stderr: "unknown flag: --jsno; did you mean --json?"},
		"a key that is none":      {args: []string{"version", "--http.adr=x"}, status: 2, stderr: "did you mean --http.addr?"},
		"a flag without value":    {args: []string{"version", "--http.addr"}, status: 2, stderr: "flag needs an argument"},
		"too many arguments":      {args: []string{"config", "init", "a", "b"}, status: 2, stderr: "accepts at most 1 arg"},
		"a value that is refused": {args: []string{"config", "check", "--log.level=loud"}, status: 1, stderr: `log.level = "loud" (--log.level)`},
		"a file that is missing":  {args: []string{"config", "check", "--config=none.yaml"}, status: 1, stderr: "none.yaml (--config)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := monolith(t, test.args)
			require.Equal(t, test.status, got.status, got.stderr)
			require.Contains(t, got.stderr, test.stderr)
			if test.status == exitOK {
				require.Empty(t, got.stderr)
			}
			require.NotContains(t, got.stderr, "Usage:", "an error is not a page of help")
		})
	}
}

func TestEveryCommandHasHelpWithExamples(t *testing.T) {
	t.Parallel()
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		require.NotEmpty(t, cmd.Short, cmd.CommandPath())
		require.Contains(t, cmd.Example, "monolith", cmd.CommandPath())
		args := append(strings.Fields(cmd.CommandPath())[1:], "--help")
		got := monolith(t, args)
		require.Equal(t, exitOK, got.status)
		require.Contains(t, got.stdout, cmd.Example)
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(newRootCommand(&program{}))
}

func TestOnlyTheRootListsTheConfiguration(t *testing.T) {
	t.Parallel()
	for _, key := range config.Keys() {
		require.Contains(t, monolith(t, []string{"--help"}).stdout, key.Flag())
	}
	require.NotContains(t, monolith(t, []string{"version", "--help"}).stdout, "--http.addr")
}

// TestHowAnErrorIsTold runs commands that fail in the ways that commands fail.
func TestHowAnErrorIsTold(t *testing.T) {
	t.Parallel()
	busy := fault.New(fault.Unavailable, "database_busy", "Try again in a moment.")
	tests := map[string]struct {
		err    error
		status int
		want   string
	}{
		"a fault, with its code and what to do": {
			err: busy, status: 1, want: "monolith: database_busy: Try again in a moment.\n",
		},
		"a fault, with what was being done": {
			err: fmt.Errorf("migrate: %w", busy), status: 1, want: "monolith: migrate: database_busy: Try again in a moment.\n",
		},
		"a constructor's error, without the graph around it": {
			err:    fx.New(fx.NopLogger, fx.Provide(func() (int, error) { return 0, busy }), fx.Invoke(func(int) {})).Err(),
			status: 1, want: "monolith: database_busy: Try again in a moment.\n",
		},
		"a command line that makes no sense": {
			err: usagef("--from is after --to"), status: 2,
			want: "monolith: --from is after --to\nmonolith --help tells how it is used.\n",
		},
		"an error of the system": {
			err: errors.New("disk full"), status: 1, want: "monolith: disk full\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := &cobra.Command{Use: "fail", RunE: func(*cobra.Command, []string) error { return test.err }}
			cmd.SilenceErrors, cmd.SilenceUsage = true, true
			markErrors(cmd)
			cmd.SetArgs([]string{})
			var stderr bytes.Buffer
			require.Equal(t, test.status, report(&stderr, cmd.ExecuteContext(t.Context())))
			require.Equal(t, test.want, stderr.String())
		})
	}
}

func TestColor(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		terminal bool
		environ  []string
		want     bool
	}{
		"on a terminal":           {terminal: true, want: true},
		"elsewhere":               {want: false},
		"where it is not wanted":  {terminal: true, environ: []string{"NO_COLOR=1"}, want: false},
		"an empty NO_COLOR":       {terminal: true, environ: []string{"NO_COLOR="}, want: true},
		"a terminal without them": {terminal: true, environ: []string{"TERM=dumb"}, want: false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &program{terminal: test.terminal, errTerminal: test.terminal, environ: test.environ}
			require.Equal(t, test.want, p.color())
			require.Equal(t, test.want, p.logOutput().Color)
			require.Equal(t, test.terminal, p.logOutput().Terminal)
		})
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	got := monolith(t, []string{"version"})
	require.Regexp(t, `^monolith \S+\ncommit \S+( with changes)?\ngo1\.\S+ \w+/\w+\n$`, got.stdout)

	var b map[string]any
	require.NoError(t, json.Unmarshal([]byte(monolith(t, []string{"version", "--json"}).stdout), &b))
	for _, name := range []string{"version", "commit", "modified", "go", "platform"} {
		require.Contains(t, b, name)
	}

	broken := monolith(t, []string{"version", "--config=none.yaml", "--log.level=loud"})
	require.Equal(t, exitOK, broken.status, "a broken configuration does not keep it from answering")
}

func TestConfigPrint(t *testing.T) {
	t.Parallel()
	got := monolith(t, []string{"config", "print", "--site.name", "Under the Hammer"},
		"GAVEL_METRICS_TOKEN=0123456789abcdef", "GAVEL_PORT=tcp://10.0.0.1:80")
	require.Equal(t, exitOK, got.status)
	require.Contains(t, got.stdout, "  name: Under the Hammer # --site.name\n")
	require.Contains(t, got.stdout, "  token: '[hidden]' # GAVEL_METRICS_TOKEN\n")
	require.Contains(t, got.stderr, "monolith: warning: environment variable GAVEL_PORT")

	got = monolith(t, []string{"config", "print", "--json", "--database.url=postgres://u:hunter2@h/d"})
	var entries []config.Entry
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &entries))
	require.Len(t, entries, len(config.Keys()))
	require.NotContains(t, got.stdout, "hunter2")
	require.Contains(t, entries, config.Entry{
		Key: "database.url", Value: "postgres://u:xxxxx@h/d",
		Origin: config.Origin{Kind: config.FromFlag, Name: "--database.url"},
	})
}

func TestConfigCheck(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "gavel.yaml")
	require.NoError(t, os.WriteFile(file, []byte("http: {read_timeout: 3}\nsite: {nmae: x}\n"), 0o600))

	t.Run("tells people that all is well", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, "The configuration is valid (no file, 1 values set).\n",
			monolith(t, []string{"config", "check"}, "GAVEL_BACKUP_KEEP=3").stdout)
	})
	t.Run("names everything that is wrong", func(t *testing.T) {
		t.Parallel()
		got := monolith(t, []string{"config", "check", "--config", file})
		require.Equal(t, exitFailed, got.status)
		require.Empty(t, got.stdout)
		require.Contains(t, got.stderr, "invalid_configuration: 2 problems\n")
		require.Contains(t, got.stderr, `http.read_timeout = "3"`)
		require.Contains(t, got.stderr, "did you mean site.name?")
	})
	t.Run("tells that profiles can be taken", func(t *testing.T) {
		t.Parallel()
		got := monolith(t, []string{"config", "check"}, "GAVEL_PROFILING_ADDR=127.0.0.1:6060")
		require.Equal(t, exitOK, got.status)
		require.Contains(t, got.stderr, "warning: profiling.addr (GAVEL_PROFILING_ADDR) is 127.0.0.1:6060")
		require.Empty(t, monolith(t, []string{"config", "check"}).stderr)
		got = monolith(t, []string{"config", "check", "--profiling.addr", ":6060"})
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, got.stderr, "profiles are secret")
	})
	t.Run("tells programs, too", func(t *testing.T) {
		t.Parallel()
		got := monolith(t, []string{"config", "check", "--json", "--config", file})
		require.Equal(t, exitFailed, got.status)
		var answer checkAnswer
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &answer))
		require.False(t, answer.Valid)
		require.Len(t, answer.Problems, 2)
		require.JSONEq(t, `{"valid": true, "problems": []}`, monolith(t, []string{"config", "check", "--json"}).stdout)
	})
}

func TestConfigInit(t *testing.T) {
	t.Parallel()
	t.Run("writes a file that the program accepts, for its owner alone", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "gavel.yaml")
		require.Equal(t, exitOK, monolith(t, []string{"config", "init", file}).status)
		require.Equal(t, exitOK, monolith(t, []string{"config", "check", "--config", file}).status)
		info, err := os.Stat(file)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	})
	t.Run("leaves an existing file alone unless it is forced", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "gavel.yaml")
		require.NoError(t, os.WriteFile(file, []byte("mine"), 0o600))
		got := monolith(t, []string{"config", "init", file})
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, got.stderr, "--force")
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, "mine", string(content))
		require.Equal(t, exitOK, monolith(t, []string{"config", "init", "--force", file}).status)
	})
	t.Run("writes to standard output", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, config.Template(), monolith(t, []string{"config", "init", "-"}).stdout)
	})
}
