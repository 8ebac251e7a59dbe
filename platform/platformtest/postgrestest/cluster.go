package postgrestest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/lib/pq" // the driver that asks the server whether it is up
)

// Cluster is a PostgreSQL server of our own: initdb's defaults (fsync and synchronous_commit on), reached through a unix
// socket, running as an unprivileged user when we are root. It dies, and its folder goes, with the process that
// started it, however that ends.
type Cluster struct {
	bin    binaries
	dir    string
	runAs  *syscall.Credential // nil: as ourselves
	guard  io.Closer           // what the guard process waits for
	server *exec.Cmd           // nil while it is down
	exited chan struct{}       // closed when server is gone
}

// StartCluster creates a cluster and starts it. Settings are lines of postgresql.conf such as "log_statement=all". The
// caller calls Close. Errors: the line that says what to install, and what initdb or the server reported.
func StartCluster(ctx context.Context, settings ...string) (*Cluster, error) {
	bin, err := findBinaries(ctx)
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin}
	if c.runAs, err = unprivileged(); err != nil {
		return nil, err
	}
	// Not below t.TempDir: its parents are closed to other users, and a socket's path must be short.
	if c.dir, err = os.MkdirTemp("", "gavel-pg-"); err != nil {
		return nil, fmt.Errorf("create a folder for PostgreSQL: %w", err)
	}
	if err := c.create(ctx, settings); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.dir))
	}
	if err := c.Start(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Cluster) create(ctx context.Context, settings []string) error {
	if c.runAs != nil {
		if err := os.Chown(c.dir, int(c.runAs.Uid), int(c.runAs.Gid)); err != nil {
			return fmt.Errorf("hand the folder to an unprivileged user: %w", err)
		}
	}
	if err := c.initdb(ctx); err != nil {
		return err
	}
	settings = append([]string{"listen_addresses=''", "max_connections=300"}, settings...)
	conf, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("configure PostgreSQL: %w", err)
	}
	_, err = conf.WriteString("\n" + strings.Join(settings, "\n") + "\n")
	if err := errors.Join(err, conf.Close()); err != nil {
		return fmt.Errorf("configure PostgreSQL: %w", err)
	}
	return c.startGuard()
}

// initdb prefers a collation in which capitals do not come first, so that a query that forgets COLLATE "C" is noticed.
// Versions before 15 cannot have one.
func (c *Cluster) initdb(ctx context.Context) error {
	args := []string{"-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"}
	linguistic := append(args[:len(args):len(args)], "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
	if c.command(ctx, "initdb", linguistic...).Run() == nil {
		return nil
	}
	if err := os.RemoveAll(c.data()); err != nil {
		return fmt.Errorf("clear the folder for PostgreSQL: %w", err)
	}
	if out, err := c.command(ctx, "initdb", append(args, "--locale=C")...).CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

// startGuard starts the process that cleans up when we are gone. It waits for the end of a pipe whose other end only we
// hold; so it needs no luck with exit handlers, and a kill -9 is as good as any other end. (A parent-death signal would
// depend on the thread that started the server.)
func (c *Cluster) startGuard() error {
	const script = `trap '' INT TERM HUP; read -r _; "$1" -D "$2/data" -m immediate -s stop; rm -rf "$2"`
	guard := exec.Command( //nolint:gosec,noctx // our own script, which ends with us
		"/bin/sh", "-c", script, "sh", c.bin.path("pg_ctl"), c.dir)
	guard.Dir = c.dir
	guard.SysProcAttr = &syscall.SysProcAttr{Credential: c.runAs}
	pipe, err := guard.StdinPipe()
	if err != nil {
		return fmt.Errorf("start the guard: %w", err)
	}
	if err := guard.Start(); err != nil {
		return fmt.Errorf("start the guard: %w", err)
	}
	c.guard = guarding{pipe: pipe, process: guard}
	return nil
}

type guarding struct {
	pipe    io.Closer
	process *exec.Cmd
}

// Close lets the guard do its work and waits for it.
func (g guarding) Close() error {
	err := g.pipe.Close()
	// Its status is pg_ctl's opinion of a server that may be down already.
	_ = g.process.Wait()
	return err
}

// Start starts the server and waits until it answers. Errors: what the server wrote to its log.
func (c *Cluster) Start(ctx context.Context) error { return c.StartUnder(ctx) }

// StartUnder is Start under another command, such as strace, which gets the server's command line as its last arguments
// and runs as the same user. Errors: as Start.
func (c *Cluster) StartUnder(ctx context.Context, command ...string) error {
	log, err := os.OpenFile(c.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open PostgreSQL's log: %w", err)
	}
	defer func() { _ = log.Close() }()
	server := c.command(context.WithoutCancel(ctx), "postgres", "-D", c.data(), "-k", c.dir)
	if len(command) > 0 {
		if err := c.runUnder(server, command); err != nil {
			return err
		}
	}
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = server.Wait() // the log says why
	}()
	c.server, c.exited = server, exited
	return c.await(ctx)
}

func (c *Cluster) await(ctx context.Context) error {
	pool, err := sql.Open("postgres", c.URL("postgres"))
	if err != nil {
		return fmt.Errorf("open PostgreSQL: %w", err)
	}
	defer func() { _ = pool.Close() }()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if pool.PingContext(ctx) == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-c.exited:
			return fmt.Errorf("PostgreSQL did not start: %s", c.lastWords())
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL did not answer: %w: %s", ctx.Err(), c.lastWords())
		}
	}
}

// URL returns the address of one of the cluster's databases, as its superuser; "postgres" always exists.
func (c *Cluster) URL(database string) string {
	query := url.Values{"host": {c.dir}, "sslmode": {"disable"}}
	return "postgres://postgres@/" + database + "?" + query.Encode()
}

// Dir returns the folder that is removed with the cluster; the user that the server runs as may write to it.
func (c *Cluster) Dir() string { return c.dir }

// Kill kills the server and all of its processes with SIGKILL, as a crash would, and waits until they are gone.
// Start starts it again. It works on Linux. Errors: os.ErrProcessDone if it is down.
func (c *Cluster) Kill() error {
	if c.server == nil {
		return os.ErrProcessDone
	}
	children, err := childrenOf(c.server.Process.Pid)
	if err != nil {
		return err
	}
	err = c.server.Process.Kill()
	for _, pid := range children {
		if killed := syscall.Kill(pid, syscall.SIGKILL); !errors.Is(killed, syscall.ESRCH) {
			err = errors.Join(err, killed)
		}
	}
	<-c.exited
	c.server = nil
	for _, pid := range children {
		for syscall.Kill(pid, 0) == nil {
			time.Sleep(time.Millisecond)
		}
	}
	return err
}

// childrenOf returns the processes that pid has started; they are not in its group, because each leads one of its own.
func childrenOf(pid int) ([]int, error) {
	list, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil, fmt.Errorf("list PostgreSQL's processes: %w", err)
	}
	var pids []int
	for _, field := range strings.Fields(string(list)) {
		child, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("list PostgreSQL's processes: %w", err)
		}
		pids = append(pids, child)
	}
	return pids, nil
}

// Close stops the server for good and removes its folder. Errors: what the system reports.
func (c *Cluster) Close() error {
	err := c.guard.Close()
	if c.server != nil {
		<-c.exited
		c.server = nil
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *Cluster) log() string { return filepath.Join(c.dir, "log") }

func (c *Cluster) lastWords() []byte {
	text, err := os.ReadFile(c.log())
	if err != nil {
		return []byte(err.Error())
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-5):], []byte("; "))
}

// command prepares one of PostgreSQL's programs to run as the unprivileged user.
func (c *Cluster) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.bin.path(program), args...) //nolint:gosec // PostgreSQL as it was found
	cmd.Dir = c.dir
	// PGHOST and its like would speak of another server; messages are matched in English.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	// A group of its own: a Ctrl-C at the terminal is for the tests, which then stop the server.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.runAs, Setpgid: true}
	return cmd
}

// runUnder puts another command before a prepared one. Errors: exec.ErrNotFound.
func (c *Cluster) runUnder(cmd *exec.Cmd, command []string) error {
	path, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	cmd.Path, cmd.Args = path, append(slices.Clone(command), cmd.Args...)
	return nil
}

// unprivileged returns the user to run PostgreSQL as, which refuses to run as root; nil if we are not root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}
