package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/page"
)

// typed runs the program with something on its standard input.
func typed(t *testing.T, stdin string, args ...string) answer {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), &program{args: args, stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr})
	return answer{status: status, stdout: stdout.String(), stderr: stderr.String()}
}

// commands runs commands on one database.
type commands struct {
	t     *testing.T
	store []string
}

func (c commands) run(args ...string) answer {
	c.t.Helper()
	return typed(c.t, "correct horse battery\n", append(args, c.store...)...)
}

// ok runs a command that has to work, and returns its answer as an object.
func (c commands) ok(args ...string) map[string]any {
	c.t.Helper()
	got := c.run(append(args, "--json")...)
	require.Equal(c.t, exitOK, got.status, got.stderr)
	var object map[string]any
	require.NoError(c.t, json.Unmarshal([]byte(got.stdout), &object), got.stdout)
	return object
}

// refused runs a command that fails for the reason with that code.
func (c commands) refused(code string, args ...string) {
	c.t.Helper()
	got := c.run(args...)
	require.Equal(c.t, exitFailed, got.status, got.stderr)
	require.Empty(c.t, got.stdout)
	require.Contains(c.t, lastLine(got.stderr), code+":")
}

func (c commands) admin(handle string) map[string]any {
	c.t.Helper()
	return c.ok("admin", "create", "--email", handle+"@example.org", "--handle", handle)
}

// dataDir returns the folder of the store's flags.
func (c commands) dataDir() string { return c.store[1] }

func TestAdminCreate(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		c := commands{t, store}
		ada := c.admin("ada")
		require.Equal(t, "ada", ada["handle"])
		require.Equal(t, "active", ada["status"])
		require.Equal(t, true, ada["verified"])
		require.Equal(t, []any{"admin"}, ada["roles"])
		require.Equal(t, []any{"admin"}, c.admin("eve")["roles"], "also where there is one")
		c.refused("handle_taken", "admin", "create", "--email", "other@example.org", "--handle", "ADA")
		c.refused("email_taken", "admin", "create", "--email", "ADA@example.org", "--handle", "other")
		c.refused("invalid_handle", "admin", "create", "--email", "other@example.org", "--handle", "admin")
	})
}

func TestPasswordsComeFromStandardInput(t *testing.T) {
	t.Parallel()
	c := commands{t, sqlite.open(t)}
	args := append([]string{"admin", "create", "--email", "ada@example.org", "--handle", "ada"}, c.store...)
	for stdin, want := range map[string]string{
		"":                    "there is no password on standard input",
		"\nsecret\n":          "there is no password on standard input",
		"short\n":             "invalid_password",
		"password12345":       "invalid_password",
		"ada@example.org!\n":  "invalid_password",
		"aaaaaaaaaaaaaaaaa\n": "invalid_password",
	} {
		got := typed(t, stdin, args...)
		require.Equal(t, exitFailed, got.status, stdin)
		require.Contains(t, lastLine(got.stderr), want)
		if password := strings.TrimSpace(stdin); password != "" {
			require.NotContains(t, got.stderr, password)
		}
	}
	require.Equal(t, exitOK, typed(t, "correct horse battery", args...).status, "the end of the input ends the line")
}

func TestUser(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		c := commands{t, store}
		c.admin("root1")
		bob := c.admin("bob")
		id := bob["id"].(string)
		require.Equal(t, []any{}, c.ok("user", "withdraw", "bob", "admin", "--reason", "Is none.")["roles"])
		c.refused("last_admin", "user", "withdraw", "root1", "admin")
		c.refused("invalid_role", "user", "grant", "bob", "owner")
		c.refused("member_not_found", "user", "show", "nobody")
		c.refused("member_not_found", "user", "show", "nobody@example.org")
		c.refused("member_not_found", "user", "show", uuid.NewString())
		for _, who := range []string{"bob", "BOB", "Bob@example.org", id} {
			require.Equal(t, id, c.ok("user", "show", who)["id"], who)
		}
		require.Equal(t, []any{"agent", "moderator"}, func() any {
			c.ok("user", "grant", "bob", "moderator")
			return c.ok("user", "grant", "bob", "agent")["roles"]
		}())

		c.refused("invalid_reason", "user", "suspend", "bob")
		c.refused("member_is_admin", "user", "suspend", "root1", "--reason", "Because.")
		require.Equal(t, "suspended", c.ok("user", "suspend", "bob", "--reason", "Does not pay.")["status"])
		c.refused("not_active", "user", "suspend", "bob", "--reason", "Does not pay.")
		require.Equal(t, "active", c.ok("user", "reinstate", "bob")["status"])
		c.refused("not_suspended", "user", "reinstate", "bob")
		c.refused("already_verified", "user", "verify", "bob")
		c.refused("not_pending", "user", "approve", "bob")
		require.Equal(t, id, c.ok("user", "reset-password", "bob")["id"])

		require.Equal(t, []string{
			"members.reset_password", "members.reinstate", "members.suspend Does not pay.", "members.grant_role", "members.grant_role",
			"members.withdraw_role Is none.",
		}, c.acts(uuid.MustParse(id))[:6])
		letters, err := filepath.Glob(filepath.Join(c.dataDir(), "mail", "*"))
		require.NoError(t, err)
		var sent strings.Builder
		for _, name := range letters {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			sent.Write(text)
		}
		require.Contains(t, sent.String(), "Does not pay.", "letters are sent before the command ends")
	})
}

// acts returns what was done to a member, and why, the newest first. Nobody but the operator did it.
func (c commands) acts(member uuid.UUID) []string {
	c.t.Helper()
	flags := map[string]string{}
	for i := 0; i < len(c.store); i += 2 {
		flags[strings.TrimPrefix(c.store[i], "--")] = c.store[i+1]
	}
	var log audit.View
	app := fx.New(core(configured(c.t, flags), quiet), fx.Populate(&log))
	require.NoError(c.t, app.Start(c.t.Context()))
	defer func() { require.NoError(c.t, app.Stop(context.Background())) }()
	entries, err := log.Entries(c.t.Context(), audit.Filter{Target: member}, page.Request{})
	require.NoError(c.t, err)
	acts := []string{}
	for _, entry := range entries.Items {
		require.Zero(c.t, entry.Actor)
		acts = append(acts, strings.TrimSpace(entry.Act+" "+entry.Reason))
	}
	return acts
}

func TestUserList(t *testing.T) {
	t.Parallel()
	c := commands{t, sqlite.open(t)}
	for _, handle := range []string{"eve", "ada", "mia"} {
		c.admin(handle)
	}
	c.ok("user", "withdraw", "mia", "admin")
	handles := func(args ...string) (found []string, more bool) {
		list := c.ok(append([]string{"user", "list"}, args...)...)
		for _, member := range list["members"].([]any) {
			found = append(found, member.(map[string]any)["handle"].(string))
		}
		return found, list["more"].(bool)
	}
	for _, test := range []struct {
		args []string
		want []string
		more bool
	}{
		{want: []string{"ada", "eve", "mia"}},
		{args: []string{"--limit", "2"}, want: []string{"ada", "eve"}, more: true},
		{args: []string{"--limit", "3"}, want: []string{"ada", "eve", "mia"}},
		{args: []string{"--role", "admin"}, want: []string{"ada", "eve"}},
		{args: []string{"--prefix", "M"}, want: []string{"mia"}},
		{args: []string{"--status", "suspended"}},
	} {
		got, more := handles(test.args...)
		require.Equal(t, test.want, got, test.args)
		require.Equal(t, test.more, more, test.args)
	}
	got := c.run("user", "list", "--limit", "1")
	require.Equal(t, exitOK, got.status)
	require.Regexp(t, `^HANDLE +E-MAIL +STATUS +VERIFIED +ROLES +REGISTERED\nada +ada@example.org +active +yes +admin +\d{4}-\d\d-\d\d\nThere are more: see --limit.\n$`, got.stdout)
	got = c.run("user", "show", "mia")
	require.Regexp(t, `(?m)^e-mail +mia@example.org \(verified\)$`, got.stdout)
	require.Regexp(t, `(?m)^roles +none$`, got.stdout)
}

func TestUserUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"admin", "create"},
		{"admin", "create", "--email", "ada@example.org"},
		{"admin", "create", "--email", "ada@example.org", "--handle", "ada", "--password", "x"},
		{"admin", "delete"},
		{"user", "show"},
		{"user", "show", "ada", "eve"},
		{"user", "grant", "ada"},
		{"user", "erase", "ada"},
		{"user", "list", "--status", "asleep"},
		{"user", "list", "--role", "owner"},
		{"user", "list", "--limit", "0"},
	} {
		require.Equal(t, exitUsage, monolith(t, args).status, args)
	}
}

func TestUserMakesNoDatabase(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dtaa")
	got := monolith(t, []string{"user", "list", "--data.dir", dir})
	require.Equal(t, exitFailed, got.status)
	require.Contains(t, lastLine(got.stderr), "there is no database at")
	require.NoDirExists(t, dir)
}
