package db_test

import (
	"bytes"
	"context"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/uow"
)

// proxy stands between a pool and PostgreSQL and can cut the cable around a COMMIT.
type proxy struct {
	listener net.Listener
	upstream func() (net.Conn, error)
	cut      atomic.Int32
	marked   atomic.Pointer[[]byte] // what the next statement that commits by itself contains; nil for none
	conns    sync.WaitGroup
	stop     chan struct{}
}

const (
	cutNothing       int32 = iota
	cutBeforeCommit        // the server never hears of it
	cutCommitAnswer        // the server commits, its answer is lost
	holdCommitAnswer       // the server commits, its answer never comes
)

// newProxy returns a proxy in front of a server, and the server's database under its address.
func newProxy(t *testing.T, databaseURL string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(databaseURL)
	require.NoError(t, err)
	query := u.Query()
	network, address := "tcp", u.Host
	if u.Host == "" {
		network, address = "unix", filepath.Join(query.Get("host"), ".s.PGSQL.5432")
	}
	p := &proxy{stop: make(chan struct{}), upstream: func() (net.Conn, error) { return net.Dial(network, address) }}
	p.listener, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p.conns.Go(func() {
		for {
			client, err := p.listener.Accept()
			if err != nil {
				return
			}
			p.conns.Go(func() { p.serve(client) })
		}
	})
	t.Cleanup(func() {
		require.NoError(t, p.listener.Close())
		close(p.stop)
		p.conns.Wait()
	})
	query.Del("host")
	u.Host, u.RawQuery = p.listener.Addr().String(), query.Encode()
	return p, u.String()
}

func (p *proxy) serve(client net.Conn) {
	server, err := p.upstream()
	if err != nil {
		_ = client.Close()
		return
	}
	hangUp := func() { _, _ = client.Close(), server.Close() }
	over := make(chan struct{})
	p.conns.Go(func() {
		select {
		case <-p.stop:
		case <-over:
		}
		hangUp()
	})
	var lost atomic.Bool
	p.conns.Go(func() {
		p.answer(client, server, &lost)
		hangUp()
	})
	p.ask(client, server, &lost)
	close(over)
}

// ask passes on what the client sends.
func (p *proxy) ask(client, server net.Conn, lost *atomic.Bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		mark := p.marked.Load()
		marked := mark != nil && bytes.Contains(buffer[:n], *mark) && p.marked.CompareAndSwap(mark, nil)
		if marked || bytes.Contains(buffer[:n], []byte("COMMIT\x00")) {
			switch p.cut.Load() {
			case cutBeforeCommit:
				return
			case cutCommitAnswer, holdCommitAnswer:
				lost.Store(true)
			}
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// answer passes on what the server sends.
func (p *proxy) answer(client, server net.Conn, lost *atomic.Bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		switch {
		case err != nil:
			return
		case !lost.Load():
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		case p.cut.Load() == cutCommitAnswer:
			return
		}
	}
}

//nolint:tparallel // the steps share one cable
func TestLostCommit(t *testing.T) {
	t.Parallel()
	direct := dbtest.PostgresURL(t, market)
	witness := dbtest.Open(t, db.Settings{URL: direct})
	cable, through := newProxy(t, direct)
	pool := dbtest.Open(t, db.Settings{URL: through})
	store := func(ctx context.Context, name string) error {
		return pool.Transact(ctx, func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, newStall(name)) })
	}
	stored := func(name string) bool {
		var n int
		require.NoError(t, witness.Read().Get(t.Context(), &n, "SELECT count(*) FROM stalls WHERE name = $1", name))
		return n == 1
	}

	require.NoError(t, store(t.Context(), "through the proxy"))

	t.Run("the answer is lost: nobody can tell", func(t *testing.T) {
		cable.cut.Store(cutCommitAnswer)
		require.ErrorIs(t, store(t.Context(), "committed"), uow.ErrCommitUnknown)
		require.True(t, stored("committed"))
	})

	t.Run("the commit is lost: nobody can tell either", func(t *testing.T) {
		cable.cut.Store(cutBeforeCommit)
		require.ErrorIs(t, store(t.Context(), "vanished"), uow.ErrCommitUnknown)
		require.False(t, stored("vanished"))
	})

	t.Run("the answer does not come before the deadline", func(t *testing.T) {
		cable.cut.Store(holdCommitAnswer)
		ctx, cancel := context.WithCancel(t.Context())
		err := pool.Transact(t.Context(), func(_ context.Context, tx *db.Tx) error {
			require.NoError(t, insert(t.Context(), tx, newStall("late")))
			go func() {
				for !stored("late") {
				}
				cancel()
			}()
			return tx.Commit(ctx)
		})
		require.ErrorIs(t, err, uow.ErrCommitUnknown)
		require.ErrorIs(t, err, context.Canceled)
		require.True(t, stored("late"))
	})

	t.Run("the next one has a new connection", func(t *testing.T) {
		cable.cut.Store(cutNothing)
		require.NoError(t, store(t.Context(), "next"))
	})

	t.Run("a cable cut before the commit is no riddle", func(t *testing.T) {
		err := pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			// The server hangs up on us, as it does when it is stopped.
			require.NoError(t, witness.Transact(ctx, func(ctx context.Context, admin *db.Tx) error {
				_, err := admin.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND pid <> pg_backend_pid() AND datname = current_database()")
				return err
			}))
			return insert(ctx, tx, newStall("cut off"))
		})
		require.ErrorIs(t, err, db.ErrUnavailable)
		require.NotErrorIs(t, err, uow.ErrCommitUnknown)
		require.False(t, stored("cut off"))
	})
}

func TestRefusedCommit(t *testing.T) {
	t.Parallel()
	pool := dbtest.Postgres(t, market)
	require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "ALTER TABLE stalls ADD CONSTRAINT stalls_late UNIQUE (secret) DEFERRABLE INITIALLY DEFERRED")
		return err
	}))
	err := pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		one, other := newStall("one"), newStall("other")
		one.Secret, other.Secret = []byte("same"), []byte("same")
		return insert(ctx, tx, one, other)
	})
	require.True(t, db.Violates(err, "stalls_late"), "%v", err)
	require.NotErrorIs(t, err, uow.ErrCommitUnknown)
}

func TestConflicts(t *testing.T) {
	t.Parallel()

	t.Run("postgres: a serialization failure", func(t *testing.T) {
		t.Parallel()
		u := dbtest.PostgresURL(t, market) + "&default_transaction_isolation=serializable"
		pool := dbtest.Open(t, db.Settings{URL: u})
		err := pool.Transact(t.Context(), func(ctx context.Context, one *db.Tx) error {
			var n int
			require.NoError(t, one.Get(ctx, &n, "SELECT count(*) FROM stalls"))
			require.NoError(t, pool.Transact(ctx, func(ctx context.Context, other *db.Tx) error {
				require.NoError(t, other.Get(ctx, &n, "SELECT count(*) FROM stalls"))
				return insert(ctx, other, newStall("other"))
			}))
			return insert(ctx, one, newStall("one"))
		})
		require.ErrorIs(t, err, uow.ErrConflict)
		require.NotErrorIs(t, err, uow.ErrCommitUnknown)
	})

	t.Run("sqlite: another process keeps the database busy", func(t *testing.T) {
		t.Parallel()
		pool := dbtest.SQLite(t, market)
		impatient := dbtest.Open(t, db.Settings{URL: "sqlite:" + pool.Path(), BusyTimeout: 1})
		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, _ *db.Tx) error {
			err := impatient.Transact(ctx, func(context.Context, *db.Tx) error { return nil })
			require.ErrorIs(t, err, uow.ErrConflict)
			return nil
		}))
	})
}

func TestDeadlines(t *testing.T) {
	t.Parallel()

	t.Run("postgres: waiting for a lock ends with the context, and says so", func(t *testing.T) {
		t.Parallel()
		pool := dbtest.Postgres(t, market)
		kept := newStall("locked")
		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, kept) }))
		lock := "SELECT id FROM stalls WHERE " + pool.Dialect().In("id", "$1") + " ORDER BY id" + pool.Dialect().ForUpdate()
		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			var ids []string
			require.NoError(t, tx.Select(ctx, &ids, lock, pool.Dialect().IDs(nil)))
			require.NoError(t, tx.Select(ctx, &ids, lock, pool.Dialect().IDs(ids1(kept))))
			require.Len(t, ids, 1)

			short, cancel := context.WithTimeout(ctx, 1)
			defer cancel()
			err := pool.Transact(short, func(context.Context, *db.Tx) error { return nil })
			require.ErrorIs(t, err, context.DeadlineExceeded)

			waiting, giveUp := context.WithCancel(ctx)
			err = pool.Transact(waiting, func(ctx context.Context, other *db.Tx) error {
				go func() {
					awaitLockWait(t, pool)
					giveUp()
				}()
				return other.Select(ctx, &ids, lock, pool.Dialect().IDs(ids1(kept)))
			})
			require.ErrorIs(t, err, context.Canceled)
			return nil
		}))
	})

	t.Run("sqlite: waiting for the writer ends with the context", func(t *testing.T) {
		t.Parallel()
		pool := dbtest.SQLite(t, market)
		require.NoError(t, pool.Transact(t.Context(), func(ctx context.Context, _ *db.Tx) error {
			waiting, giveUp := context.WithCancel(ctx)
			go giveUp()
			err := pool.Transact(waiting, func(context.Context, *db.Tx) error { return nil })
			require.ErrorIs(t, err, context.Canceled)
			return nil
		}))
	})
}

// awaitLockWait returns when a query of this database waits for a lock.
func awaitLockWait(t *testing.T, pool *db.Pool) {
	for n := 0; n == 0; {
		err := pool.Read().Get(t.Context(), &n, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
		if err != nil {
			t.Error(err)
			return
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	pool := dbtest.Open(t, db.Settings{URL: "postgres://someone:hidden@127.0.0.1:1/nowhere"})
	require.ErrorIs(t, pool.Ping(t.Context()), db.ErrUnavailable)
	err := pool.Transact(t.Context(), func(context.Context, *db.Tx) error { return nil })
	require.ErrorIs(t, err, db.ErrUnavailable)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.NotContains(t, err.Error(), "hidden")
	require.Equal(t, "postgres://127.0.0.1:1/nowhere", pool.String())
}
