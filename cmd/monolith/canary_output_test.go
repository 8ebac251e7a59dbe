package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/canary"
)

// What the released program prints has no secret but the setup link, which is on standard output alone.
func TestNoSecretIsPrinted(t *testing.T) {
	t.Parallel()
	const token = "metrics-of-the-house-5820917346"
	folder := t.TempDir()
	data := filepath.Join(folder, "data")
	keys := []string{"--data.dir", data, "--metrics.token", token, "--log.level", "debug"}
	out, failed := created(t, filepath.Join(folder, "stdout")), created(t, filepath.Join(folder, "stderr"))
	server := exec.Command(binary(t), serveArgs(keys, unlimited...)...)
	server.Dir, server.Env, server.Stdout, server.Stderr = folder, cleanEnvironment(), out, failed
	require.NoError(t, server.Start())
	t.Cleanup(func() { _ = server.Process.Kill() }) // fails where it has ended

	link := awaited(t, out.Name(), regexp.MustCompile(`http://\S+\?token=\S+`))
	addr := strings.TrimPrefix(link[:strings.Index(link, "/setup")], "http://")
	w := &watched{house: visit(t, addr, data), scanner: canary.NewScanner(), link: func() string { return link }}
	w.scanner.Watch(canary.Text("metrics token", token))
	play(w)
	require.NoError(t, server.Process.Signal(syscall.SIGTERM))
	require.NoError(t, server.Wait())

	w.scanner.Expect(setupToken, inOutput, "standard output")
	w.scanner.Capture(inOutput, "standard output", contentOf(t, out.Name()))
	w.scanner.Capture(inOutput, "standard error", contentOf(t, failed.Name()))
	for _, command := range [][]string{
		{"admin", "create", "--email", "second@example.org", "--handle", "second"},
		{"user", "list"},
		{"user", "show", "ben", "--json"},
		{"config", "print"},
		{"doctor"},
		{"verify"},
	} {
		const password = "printed by no command 6620184"
		w.scanner.Watch(canary.Text("an admin's password", password))
		var stdout, stderr bytes.Buffer
		run(t.Context(), &program{
			args: append(command, keys...), stdin: strings.NewReader(password + "\n"), stdout: &stdout, stderr: &stderr,
		})
		require.NotEmpty(t, stdout.String()+stderr.String(), command)
		w.scanner.Capture(inOutput, strings.Join(command, " "), append(stdout.Bytes(), stderr.Bytes()...))
	}
	report, err := w.scanner.Scan()
	require.NoError(t, err)
	require.Empty(t, report.Leaks)
	require.Empty(t, report.Missing)
	require.Greater(t, report.Channels[inOutput], 10_000)
	t.Logf("%d canaries in %d forms searched for in %d bytes of output: %d found",
		report.Secrets, report.Forms, report.Channels[inOutput], len(report.Leaks))
}

func created(t *testing.T, path string) *os.File {
	t.Helper()
	file, err := os.Create(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	return file
}

func contentOf(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

// awaited returns what the pattern matches in a file that another process writes.
func awaited(t *testing.T, path string, pattern *regexp.Regexp) string {
	t.Helper()
	var found string
	require.Eventually(t, func() bool {
		found = string(pattern.Find(contentOf(t, path)))
		return found != ""
	}, patience, 20*time.Millisecond)
	return found
}
